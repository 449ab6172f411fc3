-- unlock: gives a lock back, if it is still this holder's, and rings those who wait for it.
--
-- KEYS  1 locks      name -> "node token"                       sc:{cluster}:locks
--       2 log        the channel that rings                     sc:{cluster}:log
-- ARGV  1 name       of the lock
--       2 mine       "node token"
-- RETURNS {'UNLOCKED'} | {'NOT_HELD'}
-- COST  O(1)

local locks, log = KEYS[1], KEYS[2]
local name, mine = ARGV[1], ARGV[2]

if redis.call('HGET', locks, name) ~= mine then return { 'NOT_HELD' } end
redis.call('HDEL', locks, name)
redis.call('PUBLISH', log, 'unlocked ' .. name)
return { 'UNLOCKED' }
