-- finish: ends a room: by a member, or by the clock. All of it goes at once but the fact that
-- it ended, which its channel and its tombstone tell a while longer to who was away.
--
-- KEYS  1 room          its facts                               sc:{7}:room:room_x
--       2 stream        its channel                             sc:{7}:ch:room_x
--       3 tail          its channel's last id                   sc:{7}:tail:room_x
--       4 rooms         ids by deadline                         sc:{7}:rooms
--       5 sent          client ids and messages seen            sc:{7}:room:room_x:sent
--       6 spent         its buckets                             sc:{7}:room:room_x:spent
--       7 watched       seats by when to look at them           sc:{7}:seats
-- ARGV  1 id            of the room                             room_x
--       2 member        who ends it; '*': the clock             mem_x
--       3 reason        why                                     destroyed
--       4 tombstone_ms  how long the end is remembered          > 0
-- RETURNS {'OK'} | {'NO_SEAT'} | {'UNKNOWN'} | {'GONE', why}
--         | {'EARLY'}: the clock asked, and it is not time
-- COST  O(seats), and O(messages) freed in the background

local room, stream, tail, rooms, sent, spent, watched = unpack(KEYS)
local id, member, reason, tombstone_ms = unpack(ARGV)

local refusal, _, _, alias = enter(room, member)
if member ~= '*' then
  if refusal then return refusal end
  if not alias then return { 'NO_SEAT' } end
elseif not refusal then
  return { 'EARLY' }
end
redis.call('ZREM', rooms, id)
if refusal and (refusal[1] == 'UNKNOWN' or redis.call('HEXISTS', room, 'ended') == 1) then
  return refusal
end
for _, fact in ipairs(redis.call('HKEYS', room)) do
  local member = fact:match('^alias:(.*)')
  if member then redis.call('ZREM', watched, id .. ' ' .. member) end
end
redis.call('UNLINK', room, stream, sent, spent)
redis.call('HSET', room, 'ended', reason)
redis.call('PEXPIRE', room, tombstone_ms)
append(stream, tail, 'chat.destroy', '{"isDestroyed":true,"reason":"' .. reason .. '"}', '0',
  tombstone_ms, tombstone_ms)
redis.call('PUBLISH', stream, '- *') -- who listens has heard it all: see Revocations
return { 'OK' }
