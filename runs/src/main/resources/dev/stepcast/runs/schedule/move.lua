-- move: pauses a schedule, or unpauses it.
--
-- KEYS  1 space      what every key of schedules begins with        sc:{schedules}:
-- ARGV  1 id         of the schedule
--       2 paused     '1' or '0'
--       3 next       when an unpaused one fires, ms since the epoch
-- RETURNS {'MOVED'} | {'UNCHANGED'} | {'UNKNOWN'}
-- COST  O(log schedules)

local s = KEYS[1]
local id, paused, next = unpack(ARGV)

local key, due = s .. 'schedule:' .. id, s .. 'due'
local pz = redis.call('HGET', key, 'pz')
if not pz then return { 'UNKNOWN' } end
if pz == paused then return { 'UNCHANGED' } end
redis.call('HSET', key, 'pz', paused, 'bf', '')
redis.call('HINCRBY', key, 'v', 1)
if paused == '1' then
  redis.call('ZREM', due, id)
else
  redis.call('HSET', key, 'nx', next)
  redis.call('ZADD', due, next, id)
end
return { 'MOVED' }
