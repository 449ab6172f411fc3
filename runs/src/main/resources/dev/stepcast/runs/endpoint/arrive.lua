-- arrive: functions of the scripts that end a wait, after post.lua.
--
--   arrive(s, id, slot, tail)  the wait of that slot ends: the step, completed with tail, becomes a
--                              message of the run; false where it waits no longer
--   mailed(s, id, event)       takes what was sent first of what the run keeps for that event
-- RETURNS nothing by itself
-- COST  O(log runs)

local function arrive(s, id, slot, tail)
  local run, step = s .. 'run:' .. id, slot:sub(2)
  local wait = redis.call('HGET', run, 'w.' .. slot)
  if not wait then return false end
  redis.call('HDEL', run, 'w.' .. slot)
  redis.call('LREM', s .. 'waits:' .. id .. ':' .. redis.call('HGET', run, 'x:' .. slot), 1, slot)
  local spec, msg, begun = wait:match('^([^\n]*)\n([^\n]*)\n(.*)$')
  redis.call('HSETNX', run, 'd:' .. slot, '') -- a wait without a timeout has no delivery to close
  shut(s, id, slot)
  if redis.call('HSETNX', run, 'k:r:' .. step, msg) == 1 then
    redis.call('HINCRBY', run, 'results', 1)
    post(s, id, msg .. '\nstep\n' .. begun .. tail, spec, now)
  end
  local entry = redis.call('HGET', run, 'y:' .. step)
  if entry then
    local field, json, data = entry:match('^([^\n]*)\n([^\n]*)\n([^\n]*)$')
    tell(s, id, field, json, '', data ~= '' and 'workflow.stepFinish' or '', data)
  end
  redis.call('HSET', run, 'rest', 'QUEUED')
  return true
end

local function mailed(s, id, event)
  local run, first = s .. 'run:' .. id, nil
  if tonumber(redis.call('HGET', run, 'mc') or 0) == 0 then return nil end
  for _, field in ipairs(redis.call('HKEYS', run)) do
    if field:match('^m:%d+:(.*)$') == event and (not first or field < first) then first = field end
  end
  local tail = first and redis.call('HGET', run, first)
  if not tail then return nil end
  redis.call('HDEL', run, first)
  redis.call('HINCRBY', run, 'mc', -1)
  redis.call('HINCRBY', run, 'mb', -#tail)
  return tail
end
