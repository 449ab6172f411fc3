-- wait: says that a run waits for an event. Sent again it changes nothing.
--
-- KEYS  1 space      what every key of the event's partition begins with
-- ARGV  1 event      id of the event
--       2 waiter     which run waits where, as JSON
--       3 until      when it gives up, ms since the epoch
-- RETURNS {'WAITING'}  or it is too late, or somebody asks for a wait that is over
--         {'FOUND', data}  sent before and taken by nobody; it is this waiter's now
-- COST  O(log waiters)

local s = KEYS[1]
local event, waiter, till = unpack(ARGV)
local wait, out, mail = s .. 'wait:' .. event, s .. 'out:' .. event, s .. 'sent:' .. event
local lent, gone = s .. 'lent:' .. event, s .. 'gone:' .. event
local day = 86400000

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local given = redis.call('HGET', out, waiter) -- moved to it, but nobody told the run
  or redis.call('HGET', lent, waiter) -- found before, and not yet in the run's journal
if given then return { 'FOUND', given } end
if redis.call('ZSCORE', gone, waiter) or tonumber(till) <= now then return { 'WAITING' } end
local kept = redis.call('LPOP', mail)
while kept do
  local expires, data = kept:match('^(%d+) (.*)$')
  if tonumber(expires) > now then
    redis.call('HSET', lent, waiter, data)
    redis.call('PEXPIRE', lent, 7 * day)
    return { 'FOUND', data }
  end
  kept = redis.call('LPOP', mail)
end
redis.call('ZREMRANGEBYSCORE', wait, '-inf', now)
redis.call('ZADD', wait, till, waiter)
redis.call('PEXPIRE', wait, math.max(redis.call('PTTL', wait), tonumber(till) - now + day))
return { 'WAITING' }
