-- starts: functions of acquire.lua about starts in a period.
--
--   starts(window, rate, period_ms)  the present, this period's begin, and the starts left in it
--   start(window, rate, period_ms, at, left)  counts one
--   turn(rate, period_ms, at, left, before)   when the turn comes of a run that has so many before
--                              it: at the begin of a period. Asked for again after a minute or a
--                              period, since some of those may leave
-- RETURNS nothing by itself
-- COST  O(1)

local function starts(window, rate, period_ms)
  local time = redis.call('TIME')
  local now = time[1] * 1000 + time[2] / 1000 -- to the microsecond: it orders the queue
  if rate == '0' then return now, now, 1e9 end
  local at = math.floor(now) - math.floor(now) % period_ms
  local was, count = unpack(redis.call('HMGET', window, 'at', 'n'))
  return now, at, rate - (tonumber(was or 0) == at and count or 0)
end

local function start(window, rate, period_ms, at, left)
  redis.call('HSET', window, 'at', string.format('%.0f', at), 'n', rate - left + 1)
  if left == tonumber(rate) then redis.call('PEXPIRE', window, 2 * period_ms) end
end

local function turn(rate, period_ms, at, left, before)
  local periods = math.floor(math.max(0, before - math.max(0, left)) / rate)
  return at + period_ms * (1 + math.min(periods, math.floor(60000 / period_ms)))
end
