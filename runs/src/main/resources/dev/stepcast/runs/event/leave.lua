-- leave: a waiter waits no more. What it had found, but never took into its run, goes to the next
-- one, or is kept again for who comes. Sent again it changes nothing.
--
-- KEYS  1 space      what every key of the event's partition begins with
-- ARGV  1 event      id of the event
--       2 waiter     which run waits where, as JSON
--       3 look_ms    how long it is kept for a waiter to come
-- RETURNS {} | {waiter, data}  to be told; it stays moved until it has been
-- COST  O(log waiters)

local s = KEYS[1]
local event, waiter, look_ms = unpack(ARGV)
local wait, out, mail = s .. 'wait:' .. event, s .. 'out:' .. event, s .. 'sent:' .. event
local lent, gone = s .. 'lent:' .. event, s .. 'gone:' .. event

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREM', wait, waiter)
redis.call('ZADD', gone, now, waiter)
redis.call('PEXPIRE', gone, 600000)
local data = redis.call('HGET', lent, waiter)
if not data then return {} end
redis.call('HDEL', lent, waiter)
redis.call('ZREMRANGEBYSCORE', wait, '-inf', now)
local next_one = redis.call('ZPOPMIN', wait)[1]
if next_one then
  redis.call('HSETNX', out, next_one, data)
  redis.call('PEXPIRE', out, 604800000)
  return { next_one, data }
end
redis.call('LPUSH', mail, string.format('%.0f ', now + look_ms) .. data)
redis.call('PEXPIRE', mail, math.max(redis.call('PTTL', mail), tonumber(look_ms)))
return {}
