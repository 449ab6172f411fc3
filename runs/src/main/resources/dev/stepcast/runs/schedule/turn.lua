-- turn: what became of a schedule that was due. Counts only where nobody has changed it since.
--
-- KEYS  1 space      what every key of schedules begins with        sc:{schedules}:
-- ARGV  1 id         of the schedule
--       2 v          its revision when it was claimed
--       3 next       when it fires next, ms since the epoch; empty: never again
--       4 fired      the tick that it fired; empty: none
--       5 run        what that started
--       6 skipped    ticks more that came to nothing
--       7 buffered   tick that waits for the one before to be over; empty: none
-- RETURNS {'TURNED'} | {'LATE'}
-- COST  O(log schedules)

local s = KEYS[1]
local id, v, next, fired, run, skipped, buffered = unpack(ARGV)

local key, due = s .. 'schedule:' .. id, s .. 'due'
if redis.call('HGET', key, 'v') ~= v then return { 'LATE' } end
redis.call('HSET', key, 'v', v + 1, 'nx', next, 'bf', buffered)
redis.call('HINCRBY', key, 'sk', skipped)
if fired ~= '' then
  redis.call('HSET', key, 'last', fired, 'run', run)
  redis.call('HINCRBY', key, 'n', 1)
end
local time = redis.call('TIME')
local soon = time[1] * 1000 + math.floor(time[2] / 1000) + 1000
local at = math.min(tonumber(next) or math.huge, buffered ~= '' and soon or math.huge)
if at == math.huge then redis.call('ZREM', due, id)
else redis.call('ZADD', due, at, id) end
return { 'TURNED' }
