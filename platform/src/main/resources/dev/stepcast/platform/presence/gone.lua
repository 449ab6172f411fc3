-- gone: the last connections of subjects to a channel at a node have ended. They count as there for
-- the grace, so that who comes back meanwhile has never left.
--
-- KEYS  1 ring         names the channel to ring                sc:{7}:ch:room_lobby
--       2 leases       "<node> <subject>" by its end            sc:{7}:leases:room_lobby
--       3 members      subject to "<since> <leases>"            sc:{7}:members:room_lobby
-- ARGV  1 node         whose connections                        no spaces
--       2 grace_ms     how long they still count
--       3 keep_ms      how long the keys outlive this call      > grace_ms
--       4… subjects    who has gone
-- RETURNS {'GONE'}
-- COST  O(subjects)

local ring, leases, members = KEYS[1], KEYS[2], KEYS[3]
local node, grace_ms, keep_ms = unpack(ARGV, 1, 3)

for i = 4, #ARGV do
  redis.call('ZADD', leases, 'XX', now + grace_ms, node .. ' ' .. ARGV[i])
end
lapse(ring, leases, members, now)
redis.call('PEXPIRE', leases, keep_ms)
redis.call('PEXPIRE', members, keep_ms)
return { 'GONE' }
