-- leave: frees a seat.
--
-- KEYS  1 room          its facts                               sc:{7}:room:room_x
--       2 stream        its channel                             sc:{7}:ch:room_x
--       3 tail          its channel's last id                   sc:{7}:tail:room_x
-- ARGV  1 member        whose seat                              mem_x
--       2 reason        why                                     left
--       3 tombstone_ms  how long the end is remembered
-- RETURNS {'OK'} | {'NO_SEAT'} | {'UNKNOWN'} | {'GONE', why}
-- COST  O(1)

local room, stream, tail = KEYS[1], KEYS[2], KEYS[3]
local member, reason, tombstone_ms = unpack(ARGV)

local refusal, _, left_ms, alias = enter(room, member)
if refusal then return refusal end
if not alias then return { 'NO_SEAT' } end
redis.call('HDEL', room, 'called:' .. redis.call('HGET', room, 'fold:' .. member),
  'alias:' .. member, 'fold:' .. member, 'joined:' .. member, 'seen:' .. member, 'read:' .. member)
append(stream, tail, 'chat.leave', string.format(
  '{"member":"%s","alias":%s,"reason":"%s","seats":%d}', member, cjson.encode(alias), reason,
  redis.call('HINCRBY', room, 'taken', -1)), '0', left_ms, left_ms + tombstone_ms)
return { 'OK' }
