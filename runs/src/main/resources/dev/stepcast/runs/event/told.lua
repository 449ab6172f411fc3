-- told: what was moved to a waiter has reached its run. For ten minutes the book remembers that
-- this wait is over, so that a holder who was stopped meanwhile takes nothing in its name.
--
-- KEYS  1 space      what every key of the event's partition begins with
-- ARGV  1 event      id of the event
--       2 waiter     which run waited where, as JSON
-- RETURNS {'TOLD'}
-- COST  O(log waiters)

local s = KEYS[1]
local event, waiter = unpack(ARGV)
local gone = s .. 'gone:' .. event

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HDEL', s .. 'out:' .. event, waiter)
redis.call('HDEL', s .. 'lent:' .. event, waiter)
redis.call('ZREMRANGEBYSCORE', gone, '-inf', now - 600000)
redis.call('ZADD', gone, now, waiter)
redis.call('PEXPIRE', gone, 600000)
return { 'TOLD' }
