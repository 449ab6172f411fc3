-- read: a member has read up to a message. The mark never goes back, nor beyond the last message.
--
-- KEYS  1 room       its facts                                  sc:{7}:room:room_x
--       2 stream     its channel                                sc:{7}:ch:room_x
--       3 spent      its buckets                                sc:{7}:room:room_x:spent
-- ARGV  1 member     who                                        mem_x
--       2 sequence   of the message
--       3 most       of a seat at once                          '0': no limit
--       4 refill_ms  until the next one
-- RETURNS {'OK'} | {'TOO_OFTEN', ms} | {'NO_SEAT'} | {'UNKNOWN'} | {'GONE', why}
-- COST  O(listening nodes)

local room, stream, spent = KEYS[1], KEYS[2], KEYS[3]
local member, sequence, most, refill_ms = unpack(ARGV)

local refusal, now, left_ms, alias = enter(room, member)
if refusal then return refusal end
if not alias then return { 'NO_SEAT' } end
local wait = pace(room, spent, 'read', member, now, left_ms, most, refill_ms)
if wait then return wait end
local last, before = unpack(redis.call('HMGET', room, 'sequence', 'read:' .. member))
local mark = math.min(tonumber(sequence), tonumber(last))
if mark > tonumber(before or 0) then
  redis.call('HSET', room, 'read:' .. member, mark)
  whisper(stream, 'chat.read', '{"member":"' .. member .. '","sequence":' .. mark .. '}')
end
return { 'OK' }
