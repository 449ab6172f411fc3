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
--         {'QUEUED', ask again then, run…}  those that have a slot now and are to be told
-- COST  O(log runs of the key + log keys in use)

local s = KEYS[1]
local key, run, epoch, parallel, rate, period_ms = unpack(ARGV)
local active, queue = s .. 'flow:active:' .. key, s .. 'flow:queue:' .. key
local window = s .. 'flow:rate:' .. key

local over = redis.call('GET', s .. 'flow:released:' .. run)
if over and tonumber(over:match('^%d+')) >= tonumber(epoch) then return { 'STALE' } end
local held = tonumber(redis.call('ZSCORE', active, run) or '')
if held and held >= 0 then
  if tonumber(epoch) > held then redis.call('ZADD', active, epoch, run) end
  return { 'GRANTED' }
end
local rank = not held and redis.call('ZRANK', queue, run)
local ahead = held and 0 or rank or redis.call('ZCARD', queue)
local used = redis.call('ZCARD', active)
local free = parallel == '0' and 1e9 or parallel - used + (held and 1 or 0)
local now, at, left = starts(window, rate, period_ms)
if used == 0 then redis.call('ZADD', s .. 'flow:keys', 0, key) end
if ahead < free and (ahead < left or (held or rank) and left > 0) then
  if rate ~= '0' then start(window, rate, period_ms, at, left) end
  if rank then redis.call('ZREM', queue, run) end
  redis.call('ZADD', active, epoch, run)
  return { 'GRANTED' }
end
if not held and not rank then redis.call('ZADD', queue, now, run) end
if ahead < free then -- its turn has come, but not in this period
  local before = held and redis.call('ZRANK', active, run) or ahead
  return { 'QUEUED', turn(rate, period_ms, at, left, before) }
end
if held then -- there are fewer slots for it than for whoever set one aside
  redis.call('ZREM', active, run)
  redis.call('ZADD', queue, 0, run)
end
local first = free > 0 and aside(active, queue, free) or overdue(active, now)
return { 'QUEUED', now + math.min(3600000, 30000 + 10 * ahead), unpack(first) }
