-- ends: the last ids of channels of one partition.
--
-- KEYS  1… keeper    of a run's channel its hash, of another its tail
-- RETURNS {last id, …}  0-0 where there is none
-- COST  O(channels)

local ends = {}
for i, keeper in ipairs(KEYS) do
  local kind = redis.call('TYPE', keeper).ok
  local log = kind == 'hash' and redis.call('HGET', keeper, 'log')
  ends[i] = log and string.format('%.0f-%d', last(log))
    or kind == 'string' and redis.call('GET', keeper) or '0-0'
end
return ends
