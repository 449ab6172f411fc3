-- anew: a function of resume.lua, after post.lua.
--
--   anew(s, id, slot)  forgets that the run waits for a child there, and delivers once more what
--                      makes the endpoint ask for one: the plan of that branch, else the last
--                      message, since nothing is appended while a run without branches waits
-- RETURNS nothing by itself
-- COST  O(messages of the run)

local function anew(s, id, slot)
  local run, list, step = s .. 'run:' .. id, s .. 'list:' .. id, slot:sub(2)
  redis.call('HDEL', run, 'x:' .. slot, 'w.' .. slot, 'w:' .. step, 'y:' .. step)
  local at, plan = redis.call('LLEN', list) - 1, redis.call('HGET', run, 'k:p:' .. step)
  for i, message in ipairs(plan and redis.call('LRANGE', list, 0, -1) or {}) do
    if message:match('^[^\n]*') == plan then at = i - 1 end
  end
  open(s, id, at, '{"kind":"STEP","method":"POST","headers":{},"next":' .. step .. '}', now)
end
