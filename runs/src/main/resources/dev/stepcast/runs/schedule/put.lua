-- put: keeps a schedule in place of what has its id. The very same again changes nothing.
--
-- KEYS  1 space      what every key of schedules begins with        sc:{schedules}:
-- ARGV  1 id         of the schedule
--       2 plan       what it does when, as JSON
--       3 paused     '1', '0', or empty: as it was
--       4 first      when it fires first, ms since the epoch
-- RETURNS {'PUT'} | {'SAME'}
-- COST  O(log schedules)

local s = KEYS[1]
local id, plan, paused, first = unpack(ARGV)

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local key = s .. 'schedule:' .. id
local was, pz = unpack(redis.call('HMGET', key, 'plan', 'pz'))
local to = paused ~= '' and paused or pz or '0'
if was == plan and to == pz then return { 'SAME' } end
redis.call('HSETNX', key, 'at', string.format('%.0f', now))
redis.call('HSET', key, 'plan', plan, 'pz', to, 'nx', first, 'bf', '')
redis.call('HINCRBY', key, 'v', 1)
redis.call('ZADD', s .. 'all', 0, id)
if to == '1' then redis.call('ZREM', s .. 'due', id)
else redis.call('ZADD', s .. 'due', first, id) end
return { 'PUT' }
