-- entries: all entries of a map; those whose time is over are removed first.
--
-- KEYS  1 map        key -> value                               sc:{cluster}:map:<name>
--       2 ends       keys by the time they end                  sc:{cluster}:ends:<name>
-- RETURNS {key, value, …}
-- COST  O(entries)

local map, ends = KEYS[1], KEYS[2]

local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', ms)) do
  redis.call('HDEL', map, gone)
  redis.call('ZREM', ends, gone)
end
return redis.call('HGETALL', map)
