-- read: a member has read up to a message. The mark never goes back, nor beyond the last message.
--
-- KEYS  1 room       its facts                                  sc:{7}:room:room_x
--       2 stream     its channel                                sc:{7}:ch:room_x
-- ARGV  1 member     who                                        mem_x
--       2 sequence   of the message
-- RETURNS {'OK'} | {'NO_SEAT'} | {'UNKNOWN'} | {'GONE', why}
-- COST  O(listening nodes)

local room, stream = KEYS[1], KEYS[2]
local member, sequence = unpack(ARGV)

local refusal, _, _, alias = enter(room, member)
if refusal then return refusal end
if not alias then return { 'NO_SEAT' } end
local last, before = unpack(redis.call('HMGET', room, 'sequence', 'read:' .. member))
local mark = math.min(tonumber(sequence), tonumber(last))
if mark > tonumber(before or 0) then
  redis.call('HSET', room, 'read:' .. member, mark)
  whisper(stream, 'chat.read', '{"member":"' .. member .. '","sequence":' .. mark .. '}')
end
return { 'OK' }
