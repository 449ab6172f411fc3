-- rename: the function that calls a member something else, unless that is what somebody else is
-- called.
--
--   room       the room's facts                                 sc:{7}:room:room_x
--   member     who                                              mem_x
--   alias      to be called so                                  Fox
--   fold       what no two aliases may have in common           fox
-- RETURNS whether the member is called so now
-- COST    O(1)

local function rename(room, member, alias, fold)
  if (redis.call('HGET', room, 'called:' .. fold) or member) ~= member then return false end
  redis.call('HDEL', room, 'called:' .. redis.call('HGET', room, 'fold:' .. member))
  redis.call('HSET', room, 'alias:' .. member, alias, 'fold:' .. member, fold,
    'called:' .. fold, member)
  return true
end

