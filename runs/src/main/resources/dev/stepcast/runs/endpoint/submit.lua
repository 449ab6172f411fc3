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
local st = redis.call('HGET', run, 'st')
if not st or ended(st) then return { 'GONE' } end
for i = 2, #ARGV, 12 do
  local key, need = ARGV[i], ARGV[i + 1]
  local results = need:match('^#(%d+)$')
  local known = redis.call('HEXISTS', run, 'k:' .. key) == 1
  local there = need == '' or redis.call('HEXISTS', run, 'k:' .. need) == 1
  if results then there = tonumber(redis.call('HGET', run, 'results') or 0) >= tonumber(results) end
  if not known and not there then return { 'EARLY' } end
end
local answer = { 'APPENDED' }
for i = 2, #ARGV, 12 do
  local key, _, message, msg, spec, delay_ms, not_before = unpack(ARGV, i, i + 6)
  if redis.call('HSETNX', run, 'k:' .. key, msg) == 1 then
    if key:sub(1, 2) == 'r:' then redis.call('HINCRBY', run, 'results', 1) end
    local at = math.max(now + delay_ms, tonumber(not_before))
    post(s, id, message, spec, at)
    redis.call('HSET', run, 'rest', at > now and 'SLEEPING' or 'QUEUED')
    local field, entry, large, event, data = unpack(ARGV, i + 7, i + 11)
    tell(s, id, field, entry, large, event, data, string.format('%.0f', at))
  end
  answer[#answer + 1] = redis.call('HGET', run, 'k:' .. key)
end
return answer
