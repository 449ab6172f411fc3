-- vacate: the function that frees a seat, tells it, and ends the member's right to the channel. An
-- owner who goes hands the room to who joined next.
--
--   keys       room, stream, tail, revoked                      sc:{7}:room:room_x, …
--   member     whose seat                                       mem_x
--   alias      what they are called
--   reason     why                                              left
--   left_ms    until the room's end
--   tomb_ms    how long the end is remembered
-- RETURNS nothing
-- COST    O(seats)

local function vacate(keys, member, alias, reason, left_ms, tomb_ms)
  local room, stream, tail, revoked = unpack(keys)
  redis.call('HDEL', room, 'called:' .. redis.call('HGET', room, 'fold:' .. member),
    'alias:' .. member, 'fold:' .. member, 'joined:' .. member, 'seen:' .. member,
    'away:' .. member, 'read:' .. member)
  local taken = redis.call('HINCRBY', room, 'taken', -1)
  if redis.call('HGET', room, 'owner') == member then
    local facts, first, at = redis.call('HGETALL', room), nil, math.huge
    for i = 1, #facts, 2 do
      local who, when = facts[i]:match('^joined:(.*)'), tonumber(facts[i + 1])
      if who and when < at then first, at = who, when end
    end
    if first then redis.call('HSET', room, 'owner', first)
    else redis.call('HDEL', room, 'owner') end
  end
  append(stream, tail, 'chat.leave', string.format(
    '{"member":"%s","alias":%s,"reason":"%s","seats":%d}', member, cjson.encode(alias), reason,
    taken), '0', left_ms, left_ms + tomb_ms)
  revoke(stream, revoked, member, left_ms + tomb_ms)
end

