-- done: functions of take.lua and resume.lua, after post.lua.
--
--   followed(s, id, slot, step)  whether what follows the delivery of that slot is recorded: making
--                                it again would run a recorded step once more. A plan is itself the
--                                p: of its step
--   done(s, id, slot, step)      closes a delivery that a lost node had under way where it did its
--                                work; false where it did not
-- RETURNS nothing by itself
-- COST  O(log runs)

local function followed(s, id, slot, step)
  if not step or not slot:match('^%d+$') then return false end
  local own = (redis.call('LINDEX', s .. 'list:' .. id, tonumber(slot)) or ''):match('^[^\n]*')
  for _, kind in ipairs({ 'k:r:', 'k:c:', 'k:p:', 'x:w' }) do
    local after = redis.call('HGET', s .. 'run:' .. id, kind .. step)
    if after and after ~= own then return true end
  end
  return false
end

local function done(s, id, slot, step)
  if not followed(s, id, slot, step) then return false end
  shut(s, id, slot)
  local busy, rest = unpack(redis.call('HMGET', s .. 'run:' .. id, 'busy', 'rest'))
  if tonumber(busy or 0) == 0 then move(s, id, rest or 'QUEUED') end
  return true
end
