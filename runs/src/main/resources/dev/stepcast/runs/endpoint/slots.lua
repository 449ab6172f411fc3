-- slots: functions of the scripts about endpoint runs, after run.lua. A run has slots, each of
-- which is one open delivery <run>#<slot> in due:endpoint: a number is a message of its list, c…
-- the answer of a call, w… the end of a wait, f, i and o… what is left to be told once it has
-- ended. A message of its own (msg_…) is stored like a run that nobody lists.
--
--   move(s, id, to)            moves a run to a state
--   due(s, id, slot, at)       sets when a slot is looked at next, and rings
--   open(s, id, slot, spec, at)  opens a slot; at: ms since the epoch
--   shut(s, id, slot)          closes it; how many are left open
--   free(s, id, slot)          its delivery is no longer under way
-- RETURNS nothing by itself
-- COST  O(log runs) each

local function move(s, id, to)
  local run = s .. 'run:' .. id
  if id:sub(1, 4) == 'msg_' then redis.call('HSET', run, 'st', to)
  elseif redis.call('HGET', run, 'st') ~= to then enter(s, id, to) end
end

local function due(s, id, slot, at)
  redis.call('ZADD', s .. 'due:endpoint', at, id .. '#' .. slot)
  local idle = redis.call('GET', s .. 'idle:endpoint') -- when the nodes look next
  if idle and tonumber(at) < tonumber(idle) then
    redis.call('SET', s .. 'idle:endpoint', string.format('%.0f', at), 'PX', 60000)
    redis.call('PUBLISH', s .. 'wake', 'due endpoint ' .. string.format('%.0f', at))
  end
end

local function open(s, id, slot, spec, at)
  redis.call('HSET', s .. 'run:' .. id, 'd:' .. slot, spec)
  redis.call('HINCRBY', s .. 'run:' .. id, 'open', 1)
  due(s, id, slot, at)
end

local function free(s, id, slot)
  local run = s .. 'run:' .. id
  if redis.call('HDEL', run, 't:' .. slot) == 1 then redis.call('HINCRBY', run, 'busy', -1) end
  for held in (redis.call('HGET', run, 'hold') or ''):gmatch('%S+') do
    local d, t, n = unpack(redis.call('HMGET', run, 'd:' .. held, 't:' .. held, 'n:' .. held))
    if d and not t and not n then due(s, id, held, now) end -- else it was not held long enough
  end
  redis.call('HDEL', run, 'hold')
end

local function shut(s, id, slot)
  local run = s .. 'run:' .. id
  free(s, id, slot)
  redis.call('ZREM', s .. 'due:endpoint', id .. '#' .. slot)
  local was = redis.call('HDEL', run, 'd:' .. slot)
  redis.call('HDEL', run, 'n:' .. slot)
  return redis.call('HINCRBY', run, 'open', -was)
end
