-- due: the rooms of a partition whose time has come, and when the next one's does.
--
-- KEYS  1 rooms      ids by deadline                            sc:{7}:rooms
-- ARGV  1 count_max  rooms answered at most                     > 0
-- RETURNS {now, next deadline or 0, {id, …}}
-- COST  O(log rooms + ids answered)

local rooms = KEYS[1]
local count_max = ARGV[1]

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', rooms, '-inf', now, 'LIMIT', 0, count_max)
local next = redis.call('ZRANGEBYSCORE', rooms, '(' .. now, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
return { now, tonumber(next[2] or 0), due }
