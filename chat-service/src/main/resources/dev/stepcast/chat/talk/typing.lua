-- typing: tells who listens now that a member is typing, or stopped.
--
-- KEYS  1 room       its facts                                  sc:{7}:room:room_x
--       2 stream     its channel                                sc:{7}:ch:room_x
--       3 spent      its buckets                                sc:{7}:room:room_x:spent
-- ARGV  1 member     who                                        mem_x
--       2 data       JSON of the event
--       3 most       of a seat at once                          '0': no limit
--       4 refill_ms  until the next one
-- RETURNS {'OK'} | {'TOO_OFTEN', ms} | {'NO_SEAT'} | {'UNKNOWN'} | {'GONE', why}
-- COST  O(listening nodes)

local room, stream, spent = KEYS[1], KEYS[2], KEYS[3]
local member, data, most, refill_ms = unpack(ARGV)

local refusal, now, left_ms, alias = enter(room, member)
if refusal then return refusal end
if not alias then return { 'NO_SEAT' } end
local wait = pace(room, spent, 'typing', member, now, left_ms, most, refill_ms)
if wait then return wait end
whisper(stream, 'chat.typing', data)
return { 'OK' }
