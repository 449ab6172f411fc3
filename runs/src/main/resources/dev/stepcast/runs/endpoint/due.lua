-- due: functions of the scripts about endpoint runs, after run.lua. A message of its own (msg_…) is
-- stored like a run that nobody lists; what happens to it is told in the partition's log.
--
--   move(s, id, to, st)      moves a run to a state; one that is paused stays so until it ends.
--                            st: where it is, if that is known
--   due(s, id, slot, at)     sets when a slot is looked at next, and rings
--   note(s, id, what, more)  tells the log about a message; more: names and values
-- RETURNS nothing by itself
-- COST  O(log runs) each

local function move(s, id, to, st)
  local run = s .. 'run:' .. id
  if id:sub(1, 4) == 'msg_' then return redis.call('HSET', run, 'st', to) end
  st = st or redis.call('HGET', run, 'st')
  if st ~= to and (st ~= 'PAUSED' or ended(to)) then enter(s, id, to) end
end

local function due(s, id, slot, at)
  redis.call('ZADD', s .. 'due:endpoint', at, id .. '#' .. slot)
  local idle = redis.call('GET', s .. 'idle:endpoint') -- when the nodes look next
  if idle and tonumber(at) < tonumber(idle) then
    redis.call('SET', s .. 'idle:endpoint', string.format('%.0f', at), 'PX', 60000)
    redis.call('PUBLISH', s .. 'wake', 'due endpoint ' .. string.format('%.0f', at))
  end
end

local function note(s, id, what, more)
  if id:sub(1, 4) ~= 'msg_' then return end
  local about = redis.call('HMGET', s .. 'run:' .. id, 'wf', 'q', 'sch', 'grp', 'lb', 'fk', 'ip')
  local entry = { 'id', id, 'st', what }
  for i, name in ipairs({ 'url', 'q', 'sch', 'grp', 'lb', 'fk', 'ip' }) do
    if about[i] then entry[#entry + 1], entry[#entry + 2] = name, about[i] end
  end
  for _, word in ipairs(more or {}) do entry[#entry + 1] = word end
  redis.call('XADD', s .. 'log', 'MAXLEN', '~', 10000, '*', unpack(entry))
end
