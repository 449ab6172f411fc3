-- leave: frees one's own seat, or as the owner somebody else's.
--
-- KEYS  1 room          its facts                               sc:{7}:room:room_x
--       2 stream        its channel                             sc:{7}:ch:room_x
--       3 tail          its channel's last id                   sc:{7}:tail:room_x
--       4 revoked       who must not listen                     sc:{7}:revoked:room_x
--       5 watched       seats by when to look at them           sc:{7}:seats
--       6 spent         its buckets                             sc:{7}:room:room_x:spent
-- ARGV  1 asking        who asks                                mem_x
--       2 member        whose seat                              mem_y
--       3 tombstone_ms  how long the end is remembered
--       4 seat          as it is watched                        room_x mem_y
--       5 most          of a seat at once                       '0': no limit
--       6 refill_ms     until the next one
-- RETURNS {'OK'} | {'TOO_OFTEN', ms} | {'NO_SEAT'} | {'NOT_OWNER'} | {'MEMBER_UNKNOWN'}
--         | {'UNKNOWN'} | {'GONE', why}
-- COST  O(seats)

local room, watched, spent = KEYS[1], KEYS[5], KEYS[6]
local asking, member, tombstone_ms, seat, most, refill_ms = unpack(ARGV)

local refusal, now, left_ms, seated = enter(room, asking)
if refusal then return refusal end
if not seated then return { 'NO_SEAT' } end
if asking ~= member and redis.call('HGET', room, 'owner') ~= asking then return { 'NOT_OWNER' } end
local wait = asking ~= member
  and pace(room, spent, 'rule', asking, now, left_ms, most, refill_ms)
if wait then return wait end
local alias = redis.call('HGET', room, 'alias:' .. member)
if not alias then return { 'MEMBER_UNKNOWN' } end
redis.call('ZREM', watched, seat)
vacate(KEYS, member, alias, asking == member and 'left' or 'kicked', left_ms, tombstone_ms)
return { 'OK' }
