-- slots: functions of the scripts about endpoint runs, after queue.lua. A run has slots, each of
-- which is one open delivery <run>#<slot> in due:endpoint: a number is a message of its list, c…
-- the answer of a call, w… the end of a wait, f, i and o… what is left to be told once it has
-- ended: until that is done it is kept.
--
--   leave(s, id, keep_ms)        an ended run is kept that long, once nothing is left to be told
--   open(s, id, slot, spec, at)  opens a slot; at: ms since the epoch; nil: its turn comes
-- RETURNS nothing by itself
-- COST  O(log runs) each

local function leave(s, id, keep_ms)
  local run = s .. 'run:' .. id
  if id:sub(1, 4) == 'msg_' then redis.call('ZREM', s .. 'msgs', id) end
  redis.call('HSET', run, 'keep', keep_ms)
  if tonumber(redis.call('HGET', run, 'owed') or 0) > 0 then return end
  depart(s, id)
  for _, kind in ipairs({ 'run:', 'list:', 'blob:', 'errors:', 'ch:' }) do
    redis.call('PEXPIRE', s .. kind .. id, keep_ms)
  end
end

local function open(s, id, slot, spec, at)
  local run = s .. 'run:' .. id
  if redis.call('HSET', run, 'd:' .. slot, spec) == 1 then
    redis.call('HINCRBY', run, 'open', 1)
    if tostring(slot):match('^[fio]') then redis.call('HINCRBY', run, 'owed', 1) end
  end
  if at then due(s, id, slot, at) end
end
