-- done: a function of take.lua, after post.lua.
--
--   done(s, id, slot, step)  closes a delivery that a lost node had under way where it did its
--                            work; false where it did not. What follows it is recorded then, so
--                            that making it again would run a recorded step once more. A plan is
--                            itself the p: of its step
-- RETURNS nothing by itself
-- COST  O(log runs)

local function done(s, id, slot, step)
  local run = s .. 'run:' .. id
  if not slot:match('^%d+$') then return false end
  local own = (redis.call('LINDEX', s .. 'list:' .. id, tonumber(slot)) or ''):match('^[^\n]*')
  for _, kind in ipairs({ 'k:r:', 'k:c:', 'k:p:', 'x:w' }) do
    local after = redis.call('HGET', run, kind .. step)
    if after and after ~= own then
      shut(s, id, slot)
      local busy, rest = unpack(redis.call('HMGET', run, 'busy', 'rest'))
      if tonumber(busy or 0) == 0 then move(s, id, rest or 'QUEUED') end
      return true
    end
  end
  return false
end
