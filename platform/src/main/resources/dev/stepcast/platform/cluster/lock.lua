-- lock: takes a lock, unless a living member holds it. The holder's lease is the lock's lease.
--
-- KEYS  1 nodes      members, by the end of their lease         sc:{cluster}:nodes
--       2 locks      name -> "node token"                       sc:{cluster}:locks
-- ARGV  1 node       who wants it
--       2 name       of the lock
--       3 token      of this acquisition; never used again
-- RETURNS {'LOCKED'} | {'HELD'} | {'LOST'}: not a member, join again
-- COST  O(1)

local nodes, locks = KEYS[1], KEYS[2]
local node, name, token = ARGV[1], ARGV[2], ARGV[3]

if not redis.call('ZSCORE', nodes, node) then return { 'LOST' } end
local mine = node .. ' ' .. token
local held = redis.call('HGET', locks, name)
if held and held ~= mine then
  local alive = redis.call('ZSCORE', nodes, held:match('^%S+'))
  local now = redis.call('TIME')
  if alive and tonumber(alive) > now[1] * 1000 + now[2] / 1000 then return { 'HELD' } end
end
redis.call('HSET', locks, name, mine)
return { 'LOCKED' }
