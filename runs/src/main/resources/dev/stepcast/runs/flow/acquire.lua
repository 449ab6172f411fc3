-- acquire: asks for a slot of a key. Sent again it is the same slot. Those who ask first get first.
--
-- KEYS  1 space      what every key of the flow key's partition begins with
-- ARGV  1 key        that runs share limits by
--       2 run        who asks
--       3 epoch      of the run; a slot released at this one or a later one is not given again
--       4 parallel   slots of the key; 0 for any number
--       5 rate       starts in a period; 0 for any number
--       6 period_ms  length of the period
-- RETURNS {'GRANTED'} | {'STALE'}  released meanwhile
--         {'QUEUED', ask again then, run…}  those that are first in the queue
-- COST  O(log runs of the key + log keys in use)

local s = KEYS[1]
local key, run, epoch, parallel, rate, period_ms = unpack(ARGV)
local active, queue = s .. 'flow:active:' .. key, s .. 'flow:queue:' .. key
local window = s .. 'flow:rate:' .. key

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local over = redis.call('GET', s .. 'flow:released:' .. run)
if over and tonumber(over) >= tonumber(epoch) then return { 'STALE' } end
if redis.call('ZSCORE', active, run) then
  redis.call('ZADD', active, epoch, run)
  return { 'GRANTED' }
end
redis.call('ZADD', queue, 'NX', now, run)
redis.call('ZADD', s .. 'flow:keys', 0, key)
local free = parallel == '0' and 1e9 or parallel - redis.call('ZCARD', active)
if redis.call('ZRANK', queue, run) >= free then
  local first = free > 0 and redis.call('ZRANGE', queue, 0, free - 1) or {}
  return { 'QUEUED', now + 30000, unpack(first) }
end
if rate ~= '0' then
  local at = now - now % period_ms
  if tonumber(redis.call('HGET', window, 'at') or 0) ~= at then
    redis.call('HSET', window, 'at', string.format('%.0f', at), 'n', 0)
    redis.call('PEXPIRE', window, 2 * period_ms)
  end
  if redis.call('HINCRBY', window, 'n', 1) > tonumber(rate) then
    return { 'QUEUED', at + period_ms }
  end
end
redis.call('ZREM', queue, run)
redis.call('ZADD', active, epoch, run)
return { 'GRANTED' }
