-- leave: frees one's own seat, or as the owner somebody else's.
--
-- KEYS  1 room          its facts                               sc:{7}:room:room_x
--       2 stream        its channel                             sc:{7}:ch:room_x
--       3 tail          its channel's last id                   sc:{7}:tail:room_x
--       4 revoked       who must not listen                     sc:{7}:revoked:room_x
-- ARGV  1 asking        who asks                                mem_x
--       2 member        whose seat                              mem_y
--       3 tombstone_ms  how long the end is remembered
-- RETURNS {'OK'} | {'NO_SEAT'} | {'NOT_OWNER'} | {'MEMBER_UNKNOWN'} | {'UNKNOWN'} | {'GONE', why}
-- COST  O(seats)

local room = KEYS[1]
local asking, member, tombstone_ms = unpack(ARGV)

local refusal, _, left_ms, seated = enter(room, asking)
if refusal then return refusal end
if not seated then return { 'NO_SEAT' } end
if asking ~= member and redis.call('HGET', room, 'owner') ~= asking then return { 'NOT_OWNER' } end
local alias = redis.call('HGET', room, 'alias:' .. member)
if not alias then return { 'MEMBER_UNKNOWN' } end
vacate(KEYS, member, alias, asking == member and 'left' or 'kicked', left_ms, tombstone_ms)
return { 'OK' }
