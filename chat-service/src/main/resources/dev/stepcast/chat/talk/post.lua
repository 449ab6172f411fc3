-- post: stores a message and tells it, once for each client id. Posting under another alias than
-- one's own renames the seat, unless that alias is somebody else's.
--
-- KEYS  1 room          its facts                               sc:{7}:room:room_x
--       2 stream        its channel                             sc:{7}:ch:room_x
--       3 tail          its channel's last id                   sc:{7}:tail:room_x
--       4 sent          client ids and messages seen            sc:{7}:room:room_x:sent
--       5 spent         the room's buckets                      sc:{7}:room:room_x:spent
-- ARGV  1 member        the author                              mem_x
--       2 id            of the message                          msg_x
--       3 client_id     the author's own id; '' for none
--       4 alias         to be called so; '' as before           Fox
--       5 fold          what no two aliases may have in common  fox
--       6 message       JSON up to and with "sender":
--       7 sealed        '1' when the text looks encrypted
--       8 seat_most     messages of a seat at once              '0': no limit
--       9 refill_ms     until the next one
--       10 keep_max     entries kept in the history
--       11 tombstone_ms how long the end is remembered
-- RETURNS {'OK', id, sequence, timestamp}
--         | {'ALIAS_TAKEN'} | {'PLAIN'}: the room wants it encrypted | {'TOO_OFTEN', ms}
--         | {'NO_SEAT'} | {'UNKNOWN'} | {'GONE', why}
-- COST  O(1)

local room, stream, tail, sent, spent = unpack(KEYS)
local member, id, client_id, alias, fold, message, sealed = unpack(ARGV)
local seat_most, refill_ms, keep_max, tombstone_ms = unpack(ARGV, 8)

local refusal, now, left_ms, sender = enter(room, member)
if refusal then return refusal end
if not sender then return { 'NO_SEAT' } end
local once = 'client:' .. member .. ':' .. client_id
local before = client_id ~= '' and redis.call('HGET', sent, once)
if before then return { 'OK', unpack(cjson.decode(before)) } end
if sealed ~= '1' and redis.call('HGET', room, 'encrypted') == '1' then return { 'PLAIN' } end
local wait = pace(room, spent, 'post', member, now, left_ms, seat_most, refill_ms)
if wait then return wait end
if alias ~= '' and alias ~= sender then
  if not rename(room, member, alias, fold) then return { 'ALIAS_TAKEN' } end
  sender = alias
end
local sequence = redis.call('HINCRBY', room, 'sequence', 1)
local at = append(stream, tail, 'chat.message', message .. cjson.encode(sender)
  .. ',"sequence":' .. sequence .. ',"timestamp":' .. now .. '}', keep_max, left_ms,
  left_ms + tombstone_ms)
if client_id ~= '' then redis.call('HSET', sent, once, cjson.encode({ id, sequence, now })) end
redis.call('HSET', sent, 'message:' .. id, cjson.encode({ at, member, sequence, now, client_id }))
redis.call('PEXPIRE', sent, left_ms)
return { 'OK', id, sequence, now }
