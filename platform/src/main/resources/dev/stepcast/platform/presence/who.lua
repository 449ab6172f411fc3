-- who: who is on a channel now.
--
-- KEYS  1 ring         names the channel to ring                sc:{7}:ch:room_lobby
--       2 leases       "<node> <subject>" by its end            sc:{7}:leases:room_lobby
--       3 members      subject to "<since> <leases>"            sc:{7}:members:room_lobby
-- ARGV  1 listed       '1': list them, '0': only count them
-- RETURNS {version, count, {subject, "<since> <leases>", …}}    version '0' where nobody is
-- COST  O(members) where they are listed, else O(1)

local ring, leases, members = KEYS[1], KEYS[2], KEYS[3]
local listed = ARGV[1]

lapse(ring, leases, members, now)
local version = redis.call('HGET', members, '')
if not version then return { '0', 0, {} } end
local all = listed == '1' and redis.call('HGETALL', members) or {}
return { version, redis.call('HLEN', members) - 1, all }
