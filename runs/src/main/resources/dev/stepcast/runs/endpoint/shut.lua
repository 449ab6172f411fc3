-- shut: functions of the scripts that end a delivery, after slots.lua.
--
--   pass(s, id, hold, heir)  those that were held back may go, if that was not long enough. Where
--                            heir is true the first of them is answered, for the caller to lease
--   free(s, id, slot)        a slot's delivery is no longer under way
--   shut(s, id, slot, heir)  closes a slot: how many are left open, and what pass answers
-- RETURNS nothing by itself
-- COST  O(log runs) each

local function pass(s, id, hold, heir)
  local run, first = s .. 'run:' .. id, nil
  for held in (hold or ''):gmatch('%S+') do
    local d, t, n = unpack(redis.call('HMGET', run, 'd:' .. held, 't:' .. held, 'n:' .. held))
    if d and not t and not n then -- else it was not held long enough
      if heir and not first then first = held else due(s, id, held, now) end
    end
  end
  return first
end

local function free(s, id, slot)
  local run = s .. 'run:' .. id
  local hold = redis.call('HGET', run, 'hold')
  if redis.call('HDEL', run, 't:' .. slot) == 1 then redis.call('HINCRBY', run, 'busy', -1) end
  redis.call('HDEL', run, 'hold')
  pass(s, id, hold)
end

local function shut(s, id, slot, heir)
  local run = s .. 'run:' .. id
  local t, d, hold, open, busy = unpack(redis.call('HMGET', run, 't:' .. slot, 'd:' .. slot,
    'hold', 'open', 'busy'))
  local left = (open or 0) - (d and 1 or 0)
  redis.call('HDEL', run, 't:' .. slot, 'd:' .. slot, 'n:' .. slot, 'hold')
  redis.call('HSET', run, 'open', left, 'busy', (busy or 0) - (t and 1 or 0))
  redis.call('ZREM', s .. 'due:endpoint', id .. '#' .. slot)
  local keep = d and slot:match('^[fio]') and redis.call('HINCRBY', run, 'owed', -1) == 0
    and redis.call('HGET', run, 'keep')
  if keep then leave(s, id, keep) end
  return left, pass(s, id, hold, heir)
end
