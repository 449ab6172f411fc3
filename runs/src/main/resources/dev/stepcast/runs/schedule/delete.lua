-- delete: forgets a schedule; what it started goes on.
--
-- KEYS  1 space      what every key of schedules begins with        sc:{schedules}:
-- ARGV  1 id         of the schedule
-- RETURNS {'DELETED'} | {'UNKNOWN'}
-- COST  O(log schedules)

local s, id = KEYS[1], ARGV[1]

redis.call('ZREM', s .. 'all', id)
redis.call('ZREM', s .. 'due', id)
return { redis.call('DEL', s .. 'schedule:' .. id) == 1 and 'DELETED' or 'UNKNOWN' }
