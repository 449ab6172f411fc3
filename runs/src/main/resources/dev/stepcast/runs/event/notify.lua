-- notify: moves an event's waiters out, each with the data; keeps it for a while if there are none.
--
-- KEYS  1 space      what every key of the event's partition begins with
-- ARGV  1 event      id of the event
--       2 data       JSON
--       3 look_ms    how long it is kept for a waiter to come; 0 for not at all
--       4 most       waiters moved by one call
-- RETURNS {waiter…}  to be told; each stays moved until it has been
-- COST  O(waiters moved)

local s = KEYS[1]
local event, data, look_ms, most = unpack(ARGV)
local wait, out, mail = s .. 'wait:' .. event, s .. 'out:' .. event, s .. 'sent:' .. event

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', wait, '-inf', now)
local waiters = redis.call('ZRANGE', wait, 0, most - 1)
for _, waiter in ipairs(waiters) do
  redis.call('ZREM', wait, waiter)
  redis.call('HSETNX', out, waiter, data)
end
if #waiters > 0 then
  redis.call('PEXPIRE', out, 604800000)
elseif tonumber(look_ms) > 0 then
  redis.call('RPUSH', mail, string.format('%.0f ', now + look_ms) .. data)
  redis.call('LTRIM', mail, -100, -1)
  redis.call('PEXPIRE', mail, math.max(redis.call('PTTL', mail), tonumber(look_ms)))
end
return waiters
