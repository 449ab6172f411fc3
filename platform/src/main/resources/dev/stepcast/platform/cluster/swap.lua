-- swap: changes one entry of a map if it is as the caller expects.
--
-- KEYS  1 map        key -> value                               sc:{cluster}:map:<name>
--       2 ends       keys by the time they end                  sc:{cluster}:ends:<name>
-- ARGV  1 key        encoded
--       2 when       ANY | ABSENT | PRESENT | EQUAL
--       3 expected   encoded; only with EQUAL
--       4 change     PUT | REMOVE
--       5 value      encoded; only with PUT
--       6 ttl_ms     until it ends                              '0': never
-- RETURNS {'DONE', before} | {'REFUSED', before}; before is '' where there was nothing
-- COST  O(log of the entries that end)

local map, ends = KEYS[1], KEYS[2]
local key, when, expected, change, value, ttl_ms = unpack(ARGV)

local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', ms, 'LIMIT', 0, 64)) do
  redis.call('HDEL', map, gone)
  redis.call('ZREM', ends, gone)
end
local stop = redis.call('ZSCORE', ends, key)
local before = not (stop and tonumber(stop) <= ms) and redis.call('HGET', map, key) or ''
local fits = when == 'ANY' or when == 'ABSENT' and before == ''
  or when == 'PRESENT' and before ~= '' or when == 'EQUAL' and before == expected
if not fits then return { 'REFUSED', before } end
redis.call('ZREM', ends, key)
if change == 'REMOVE' then redis.call('HDEL', map, key) else redis.call('HSET', map, key, value) end
if ttl_ms ~= '0' then redis.call('ZADD', ends, ms + ttl_ms, key) end
return { 'DONE', before }
