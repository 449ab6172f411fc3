-- anew: functions of resume.lua, after post.lua and done.lua.
--
--   reopen(s, old, id, opened)  opens the deliveries that the old run had open and that had not
--                               done their work, by slot, when they were due; when the first one
--                               is, nil where none was. What became due while it was paused is due
--   anew(s, id, slot, opened)  what the old run waited for in that slot. An event the new one waits
--                              for as well. A child answers to the old run: what made the endpoint
--                              ask for one is delivered once more, which is the plan of the branch,
--                              else the last message, since nothing else is appended meanwhile
-- RETURNS nothing by itself
-- COST  O(messages of the run)

local function reopen(s, old, id, opened)
  local first
  for at, what in pairs(opened) do
    local held = redis.call('HEXISTS', s .. 'run:' .. old, 't:' .. at) == 1 -- a lease's end then
    local when = not held and redis.call('ZSCORE', s .. 'due:endpoint', old .. '#' .. at)
    when = tonumber(when or now)
    if when == math.huge then when = now end
    if not followed(s, id, at, what:match('"next":(%d+)')) then
      open(s, id, at, what, when)
      first = math.min(first or when, when)
    end
  end
  return first
end

local function anew(s, id, slot, opened)
  local run, list, step = s .. 'run:' .. id, s .. 'list:' .. id, slot:sub(2)
  local what = redis.call('HGET', run, 'x:' .. slot)
  if what:sub(1, 7) ~= 'invoke:' then -- a wait without a deadline has no delivery of its own
    if not opened[slot] then redis.call('HINCRBY', run, 'open', 1) end
    redis.call('RPUSH', s .. 'waits:' .. id .. ':' .. what, slot)
    return what
  end
  redis.call('HDEL', run, 'x:' .. slot, 'w.' .. slot, 'w:' .. step, 'y:' .. step)
  local at, plan = redis.call('LLEN', list) - 1, redis.call('HGET', run, 'k:p:' .. step)
  for i, message in ipairs(plan and redis.call('LRANGE', list, 0, -1) or {}) do
    if message:match('^[^\n]*') == plan then at = i - 1 end
  end
  open(s, id, at, '{"kind":"STEP","method":"POST","headers":{},"next":' .. step .. '}', now)
  return what
end
