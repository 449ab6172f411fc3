-- submit: appends messages to a run's list, all of them or none, each with its delivery.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
--       2… items     twelve each: key (p:3 plan, r:3 result, c:3 call; it is appended once), need
--                    (p:3 where that must be there, #2 where two results must be), message, its id,
--                    spec, delay_ms, not_before, then what tell in post.lua takes
-- RETURNS {'APPENDED', message id…} | {'GONE'}  the run has ended | {'EARLY'}  something is missing
-- COST  O(items log runs)

local s, id = KEYS[1], ARGV[1]

local run = s .. 'run:' .. id
local st, results = unpack(redis.call('HMGET', run, 'st', 'results'))
if not st or ended(st) then return { 'GONE' } end
local known = {}
results = tonumber(results or 0)
for i = 2, #ARGV, 12 do
  local key, need = ARGV[i], ARGV[i + 1]
  local before, there = unpack(redis.call('HMGET', run, 'k:' .. key, 'k:' .. need))
  if need:match('^#') then there = results >= tonumber(need:sub(2)) end
  if not before and not there and need ~= '' then return { 'EARLY' } end
  known[key] = before or nil
end
local answer = { 'APPENDED' }
for i = 2, #ARGV, 12 do
  local key, _, message, msg, spec, delay_ms, not_before = unpack(ARGV, i, i + 6)
  if not known[key] then
    known[key] = msg
    if key:sub(1, 2) == 'r:' then results = results + 1 end
    local at = math.max(now + delay_ms, tonumber(not_before))
    post(s, id, message, spec, at, { 'k:' .. key, msg, 'results', results,
      'rest', at > now and 'SLEEPING' or 'QUEUED' })
    local field, entry, large, event, data = unpack(ARGV, i + 7, i + 11)
    tell(s, id, field, entry, large, event, data, string.format('%.0f', at))
  end
  answer[#answer + 1] = known[key]
end
return answer
