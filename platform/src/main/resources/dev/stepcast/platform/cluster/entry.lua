-- entry: one value of a map, unless its time is over.
--
-- KEYS  1 map        key -> value                               sc:{cluster}:map:<name>
--       2 ends       keys by the time they end                  sc:{cluster}:ends:<name>
-- ARGV  1 key        encoded
-- RETURNS {value}; '' where there is none
-- COST  O(1)

local map, ends = KEYS[1], KEYS[2]
local key = ARGV[1]

local stop = redis.call('ZSCORE', ends, key)
if stop then
  local now = redis.call('TIME')
  if tonumber(stop) <= now[1] * 1000 + math.floor(now[2] / 1000) then return { '' } end
end
return { redis.call('HGET', map, key) or '' }
