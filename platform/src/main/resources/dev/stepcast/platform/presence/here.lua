-- here: subjects have a connection to a channel at a node, for the time of a lease. Who was not
-- there before joins; a lease that stands is made longer.
--
-- KEYS  1 ring         names the channel to ring                sc:{7}:ch:room_lobby
--       2 leases       "<node> <subject>" by its end            sc:{7}:leases:room_lobby
--       3 members      subject to "<since> <leases>"            sc:{7}:members:room_lobby
-- ARGV  1 node         whose connections                        no spaces
--       2 lease_ms     how long they count without another call
--       3 keep_ms      how long the keys outlive the last call  > lease_ms and every grace
--       4 members_max  who comes to so many is not recorded
--       5… subjects    who is there
-- RETURNS {'HERE'}
-- COST  O(subjects)

local ring, leases, members = KEYS[1], KEYS[2], KEYS[3]
local node, lease_ms, keep_ms, members_max = unpack(ARGV, 1, 4)

lapse(ring, leases, members, now)
for i = 5, #ARGV do
  local subject = ARGV[i]
  local lease = node .. ' ' .. subject
  local known = redis.call('ZSCORE', leases, lease)
  local since, held = (redis.call('HGET', members, subject) or '0 0'):match('^(%d+) (%d+)$')
  if known or held ~= '0' or redis.call('HLEN', members) <= tonumber(members_max) then
    redis.call('ZADD', leases, now + lease_ms, lease)
    if held == '0' then since = string.format('%.0f', now) end
    if not known then
      redis.call('HSET', members, subject, since .. ' ' .. string.format('%.0f', held + 1))
    end
    if held == '0' then told(ring, members, 'realtime.join', subject, since, now) end
  end
end
redis.call('PEXPIRE', leases, keep_ms)
redis.call('PEXPIRE', members, keep_ms)
return { 'HERE' }
