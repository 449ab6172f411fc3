-- post: stores a message and tells it, once for each client id. Posting under another alias than
-- one's own renames the seat, unless that alias is somebody else's.
--
-- KEYS  1 room          its facts                               sc:{7}:room:room_x
--       2 stream        its channel                             sc:{7}:ch:room_x
--       3 tail          its channel's last id                   sc:{7}:tail:room_x
--       4 sent          client ids and messages seen            sc:{7}:room:room_x:sent
-- ARGV  1 member        the author                              mem_x
--       2 id            of the message                          msg_x
--       3 client_id     the author's own id; '' for none
--       4 alias         to be called so; '' as before           Fox
--       5 fold          what no two aliases may have in common  fox
--       6 message       JSON up to and with "sender":
--       7 keep_max      entries kept in the history
--       8 tombstone_ms  how long the end is remembered
-- RETURNS {'OK', id, sequence, timestamp}
--         | {'ALIAS_TAKEN'} | {'NO_SEAT'} | {'UNKNOWN'} | {'GONE', why}
-- COST  O(1)

local room, stream, tail, sent = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local member, id, client_id, alias, fold, message, keep_max, tombstone_ms = unpack(ARGV)

local refusal, now, left_ms, sender = enter(room, member)
if refusal then return refusal end
if not sender then return { 'NO_SEAT' } end
local once = 'client:' .. member .. ':' .. client_id
local before = client_id ~= '' and redis.call('HGET', sent, once)
if before then return { 'OK', unpack(cjson.decode(before)) } end
if alias ~= '' and alias ~= sender then
  if not rename(room, member, alias, fold) then return { 'ALIAS_TAKEN' } end
  sender = alias
end
local sequence = redis.call('HINCRBY', room, 'sequence', 1)
local at = append(stream, tail, 'chat.message', message .. cjson.encode(sender)
  .. ',"sequence":' .. sequence .. ',"timestamp":' .. now .. '}', keep_max, left_ms,
  left_ms + tombstone_ms)
if client_id ~= '' then redis.call('HSET', sent, once, cjson.encode({ id, sequence, now })) end
redis.call('HSET', sent, 'message:' .. id, at .. ' ' .. member)
redis.call('PEXPIRE', sent, left_ms)
return { 'OK', id, sequence, now }
