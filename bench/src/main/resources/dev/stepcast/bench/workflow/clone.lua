-- clone: makes runs that sleep, like one that does: the same keys, by the same commands.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 from       number of the first
--       2 count      how many
-- RETURNS how many
-- COST  O(count)

local s, from, count = KEYS[1], ARGV[1], ARGV[2]

local like = redis.call('ZRANGE', s .. 'idx:SLEEPING', 0, 0)[1]
local fields = redis.call('HGETALL', s .. 'run:' .. like)
local at = redis.call('ZSCORE', s .. 'idx:SLEEPING', like)
local due = redis.call('ZSCORE', s .. 'due:java', like)
for i = from, from + count - 1 do
  local id = string.format('wfr_clonex%020d', i)
  redis.call('HSET', s .. 'run:' .. id, unpack(fields))
  redis.call('ZADD', s .. 'idx:all', at, id)
  redis.call('ZADD', s .. 'idx:SLEEPING', at, id)
  redis.call('ZADD', s .. 'due:java', due, id)
end
return count
