-- set: makes or changes a queue, and gives the turns that it has now.
--
-- KEYS  1 space      what every key of the queue's partition begins with    sc:{7}:
-- ARGV  1 queue      its name
--       2 parallel   messages that have their turn at once; empty: as it is
--       3 paused     1: nobody gets a turn; 0: they do; empty: as it is
-- RETURNS {'SET'}
-- COST  O(log messages) a turn

local s = KEYS[1]
local q, parallel, paused = unpack(ARGV)

local key = s .. 'queue:' .. q
redis.call('HSETNX', key, 'createdAt', now)
redis.call('HSETNX', key, 'parallelism', 1)
redis.call('HSET', key, 'updatedAt', now)
if parallel ~= '' then redis.call('HSET', key, 'parallelism', parallel) end
if paused ~= '' then redis.call('HSET', key, 'paused', paused) end
redis.call('SADD', s .. 'queues', q)
pump(s, q)
return { 'SET' }
