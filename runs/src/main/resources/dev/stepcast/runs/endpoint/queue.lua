-- queue: functions of the scripts about messages that wait in a queue, after due.lua. The messages
-- of a queue lie in its partition. One that has its turn keeps it until nothing about it is left.
--
--   pump(s, q)                 gives turns, to those that wait longest, as long as there are any
--   enqueue(s, id, q, at)      waits for a turn, and then until at, ms since the epoch
--   depart(s, id)              has its turn no longer, nor waits for one
-- RETURNS nothing by itself
-- COST  O(log messages) a turn

local function pump(s, q)
  local key = s .. 'queue:' .. q
  local most, paused = unpack(redis.call('HMGET', key, 'parallelism', 'paused'))
  if paused == '1' then return end
  for _ = redis.call('SCARD', s .. 'queue:turn:' .. q) + 1, tonumber(most or 1) do
    local id = redis.call('ZPOPMIN', s .. 'queue:wait:' .. q)[1]
    if not id then return end
    redis.call('SADD', s .. 'queue:turn:' .. q, id)
    local at = redis.call('HGET', s .. 'run:' .. id, 'nb') or 0
    due(s, id, '0', math.max(now, tonumber(at)))
  end
end

local function enqueue(s, id, q, at)
  local key = s .. 'queue:' .. q
  if redis.call('HSETNX', key, 'createdAt', now) == 1 then
    redis.call('HSET', key, 'parallelism', 1, 'updatedAt', now)
    redis.call('SADD', s .. 'queues', q)
  end
  redis.call('HSET', s .. 'run:' .. id, 'nb', at)
  redis.call('ZADD', s .. 'queue:wait:' .. q, redis.call('HINCRBY', key, 'seq', 1), id)
  pump(s, q)
end

local function depart(s, id)
  local q = redis.call('HGET', s .. 'run:' .. id, 'q')
  if not q then return end
  redis.call('SREM', s .. 'queue:turn:' .. q, id)
  redis.call('ZREM', s .. 'queue:wait:' .. q, id)
  pump(s, q)
end
