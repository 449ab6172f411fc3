-- amend: changes a message of one's own, or takes it back. What it said leaves the history.
--
-- KEYS  1 room          its facts                               sc:{7}:room:room_x
--       2 stream        its channel                             sc:{7}:ch:room_x
--       3 tail          its channel's last id                   sc:{7}:tail:room_x
--       4 sent          client ids and messages seen            sc:{7}:room:room_x:sent
--       5 spent         the room's buckets                      sc:{7}:room:room_x:spent
-- ARGV  1 member        who asks                                mem_x
--       2 id            of the message                          msg_x
--       3 change        JSON up to and with "sender":, or, to take it back, up to "sequence":
--       4 event         chat.edit or chat.delete
--       5 sealed        '1' when the text looks encrypted, or there is none
--       6 seat_most     changes of a seat at once               '0': no limit
--       7 refill_ms     until the next one
--       8 keep_max      entries kept in the history
--       9 tombstone_ms  how long the end is remembered
-- RETURNS {'OK', id, sequence, timestamp of the message}
--         | {'TOO_OFTEN', ms} | {'PLAIN'} | {'MESSAGE_UNKNOWN'} | {'NOT_YOURS'}
--         | {'NO_SEAT'} | {'UNKNOWN'} | {'GONE', why}
-- COST  O(1)

local room, stream, tail, sent, spent = unpack(KEYS)
local member, id, change, event, sealed = unpack(ARGV)
local seat_most, refill_ms, keep_max, tombstone_ms = unpack(ARGV, 6)

local refusal, now, left_ms, sender = enter(room, member)
if refusal then return refusal end
if not sender then return { 'NO_SEAT' } end
if sealed ~= '1' and redis.call('HGET', room, 'encrypted') == '1' then return { 'PLAIN' } end
local found = redis.call('HGET', sent, 'message:' .. id)
if not found then return { 'MESSAGE_UNKNOWN' } end
local at, author, sequence, timestamp, client_id = unpack(cjson.decode(found))
if author ~= member then return { 'NOT_YOURS' } end
local wait = pace(room, spent, 'amend', member, now, left_ms, seat_most, refill_ms)
if wait then return wait end
redis.call('XDEL', stream, at)
local data = change .. sequence .. '}'
if event == 'chat.edit' then
  data = change .. cjson.encode(sender) .. ',"sequence":' .. sequence .. ',"timestamp":'
    .. timestamp .. ',"editedAt":' .. now
    .. (client_id ~= '' and ',"clientId":' .. cjson.encode(client_id) or '') .. '}'
end
at = append(stream, tail, event, data, keep_max, left_ms, left_ms + tombstone_ms)
if event == 'chat.edit' then
  redis.call('HSET', sent, 'message:' .. id, cjson.encode({ at, member, sequence, timestamp,
    client_id }))
else
  redis.call('HDEL', sent, 'message:' .. id)
end
redis.call('PEXPIRE', sent, left_ms)
return { 'OK', id, sequence, timestamp }
