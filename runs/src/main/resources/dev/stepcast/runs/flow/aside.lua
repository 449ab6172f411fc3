-- aside: functions of acquire.lua and release.lua. A slot that is set aside for a run is nobody
-- else's, until the run comes for it; until then the run's score among the active ones is below
-- zero and says since when, and it counts as one that waits.
--
--   aside(active, queue, free)  sets free slots aside for the first in the queue: who they are
--   overdue(active, now)        the run that has not come for its slot for 5 s: whoever was to tell
--                               it may have died
-- RETURNS nothing by itself
-- COST  O(slots set aside, log runs of the key)

local ages = 1e13

local function aside(active, queue, free)
  local first = free > 0 and redis.call('ZRANGE', queue, 0, math.min(free, 100) - 1) or {}
  if #first == 0 then return first end
  local time, scores = redis.call('TIME'), {}
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  for i, run in ipairs(first) do scores[2 * i - 1], scores[2 * i] = now - ages + i / 128, run end
  redis.call('ZREM', queue, unpack(first))
  redis.call('ZADD', active, unpack(scores))
  return first
end

local function overdue(active, now)
  local run, since = unpack(redis.call('ZRANGE', active, 0, 0, 'WITHSCORES'))
  if not run or tonumber(since) > now - ages - 5000 then return {} end
  redis.call('ZADD', active, now - ages, run)
  return { run }
end
