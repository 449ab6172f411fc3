-- settle: an ended run has told everybody it had to; it may be forgotten in its time.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
-- RETURNS {'SETTLED'}
-- COST  O(log runs)

local s, id = KEYS[1], ARGV[1]

local run = s .. 'run:' .. id
local st, keep_ms, pool = unpack(redis.call('HMGET', run, 'st', 'keep', 'pool'))
if st and ended(st) and keep_ms then
  redis.call('HSET', run, 'owed', 0)
  redis.call('HDEL', run, 'keep', 'mt')
  keep(s, id, keep_ms, { pool = pool, owed = '0' })
end
return { 'SETTLED' }
