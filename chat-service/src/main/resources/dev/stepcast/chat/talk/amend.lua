-- amend: changes a message of one's own, or takes it back. What it said leaves the history.
--
-- KEYS  1 room          its facts                               sc:{7}:room:room_x
--       2 stream        its channel                             sc:{7}:ch:room_x
--       3 tail          its channel's last id                   sc:{7}:tail:room_x
--       4 sent          client ids and messages seen            sc:{7}:room:room_x:sent
-- ARGV  1 member        who asks                                mem_x
--       2 id            of the message                          msg_x
--       3 change        JSON up to and with "sender":, or, to take it back, up to "sequence":
--       4 event         chat.edit or chat.delete
--       5 sealed        '1' when the text looks encrypted, or there is none
--       6 keep_max      entries kept in the history
--       7 tombstone_ms  how long the end is remembered
-- RETURNS {'OK', id, sequence, timestamp of the message}
--         | {'PLAIN'} | {'MESSAGE_UNKNOWN'} | {'NOT_YOURS'}
--         | {'NO_SEAT'} | {'UNKNOWN'} | {'GONE', why}
-- COST  O(1)

local room, stream, tail, sent = unpack(KEYS)
local member, id, change, event, sealed, keep_max, tombstone_ms = unpack(ARGV)

local refusal, now, left_ms, sender = enter(room, member)
if refusal then return refusal end
if not sender then return { 'NO_SEAT' } end
if sealed ~= '1' and redis.call('HGET', room, 'encrypted') == '1' then return { 'PLAIN' } end
local found = redis.call('HGET', sent, 'message:' .. id)
if not found then return { 'MESSAGE_UNKNOWN' } end
local at, author, sequence, timestamp = unpack(cjson.decode(found))
if author ~= member then return { 'NOT_YOURS' } end
redis.call('XDEL', stream, at)
local data = change .. sequence .. '}'
if event == 'chat.edit' then
  data = change .. cjson.encode(sender) .. ',"sequence":' .. sequence .. ',"timestamp":'
    .. timestamp .. ',"editedAt":' .. now .. '}'
end
at = append(stream, tail, event, data, keep_max, left_ms, left_ms + tombstone_ms)
if event == 'chat.edit' then
  redis.call('HSET', sent, 'message:' .. id, cjson.encode({ at, member, sequence, timestamp }))
else
  redis.call('HDEL', sent, 'message:' .. id)
end
redis.call('PEXPIRE', sent, left_ms)
return { 'OK', id, sequence, timestamp }
