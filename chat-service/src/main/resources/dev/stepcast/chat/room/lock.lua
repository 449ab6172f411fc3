-- lock: lets nobody in any more, or again.
--
-- KEYS  1 room          its facts                               sc:{7}:room:room_x
--       2 stream        its channel                             sc:{7}:ch:room_x
--       3 tail          its channel's last id                   sc:{7}:tail:room_x
--       4 spent         its buckets                             sc:{7}:room:room_x:spent
-- ARGV  1 member        who asks                                mem_x
--       2 locked        '1' or '0'
--       3 tombstone_ms  how long the end is remembered
--       4 most          of a seat at once                       '0': no limit
--       5 refill_ms     until the next one
-- RETURNS {'OK'} | {'TOO_OFTEN', ms} | {'NO_SEAT'} | {'NOT_OWNER'} | {'UNKNOWN'} | {'GONE', why}
-- COST  O(1)

local room, stream, tail, spent = unpack(KEYS)
local member, locked, tombstone_ms, most, refill_ms = unpack(ARGV)

local refusal, now, left_ms, alias = enter(room, member)
if refusal then return refusal end
if not alias then return { 'NO_SEAT' } end
if redis.call('HGET', room, 'owner') ~= member then return { 'NOT_OWNER' } end
local wait = pace(room, spent, 'rule', member, now, left_ms, most, refill_ms)
if wait then return wait end
if (redis.call('HGET', room, 'locked') or '0') == locked then return { 'OK' } end
redis.call('HSET', room, 'locked', locked)
append(stream, tail, 'chat.lock', string.format('{"member":"%s","locked":%s}', member,
  tostring(locked == '1')), '0', left_ms, left_ms + tombstone_ms)
return { 'OK' }
