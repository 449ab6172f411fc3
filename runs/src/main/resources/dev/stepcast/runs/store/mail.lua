-- mail: something sent to one run under a name: to be delivered where it waits for that, else kept
-- in the run until it does. What is sent to a run that was resumed is for the one that resumes it.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
--       2 name       what the run waits for
--       3 data       JSON; kept if the run does not wait
--       4 most       mails kept in a run
--       5 most_bytes of all of them
-- RETURNS {'WAITS', waiter} | {'KEPT'} | {'FULL'} | {'UNKNOWN'}  no such run, or it has ended
-- COST  O(fields of the run)

local s = KEYS[1]
local id, name, data, most, most_bytes = unpack(ARGV)

local run, st, awaits, to
repeat
  run = s .. 'run:' .. id
  st, awaits, to = unpack(redis.call('HMGET', run, 'st', 'x:' .. name, 'to:rf'))
  id = to
until not to or not ended(st)
if not st or ended(st) then return { 'UNKNOWN' } end
local path, waiter = (awaits or ''):match('^(%S+) (.*)$')
if path and redis.call('HEXISTS', run, 'j:' .. path) == 0 then return { 'WAITS', waiter } end
local count, bytes = 1, #data
for _, field in ipairs(redis.call('HKEYS', run)) do
  local other = field:sub(1, 2) == 'm:' and field ~= 'm:' .. name
  local size = other and redis.call('HSTRLEN', run, field) or 0
  if size > 0 then count, bytes = count + 1, bytes + size end
end
if count > tonumber(most) or bytes > tonumber(most_bytes) then return { 'FULL' } end
redis.call('HSET', run, 'm:' .. name, data)
return { 'KEPT' }
