-- create: opens a room, with its deadline in the list of rooms to end.
--
-- KEYS  1 room          its facts                               sc:{7}:room:room_x
--       2 rooms         ids by deadline                         sc:{7}:rooms
-- ARGV  1 id            of the room                             room_x
--       2 ttl_ms        how long it lives                       > 0
--       3 tombstone_ms  how long its end is remembered          > 0
--       4… facts        name, value, name, value: seats, …
-- RETURNS {'OK', expires at, now}
-- COST  O(log rooms)

local room, rooms = KEYS[1], KEYS[2]
local id, ttl_ms, tombstone_ms = unpack(ARGV)

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ends = now + ttl_ms
redis.call('HSET', room, 'expiresAt', ends, 'taken', 0, 'sequence', 0, unpack(ARGV, 4))
redis.call('PEXPIREAT', room, ends + tombstone_ms)
redis.call('ZADD', rooms, ends, id)
return { 'OK', ends, now }
