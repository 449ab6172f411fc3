-- archive: a function of init.lua, after post.lua and relabel.lua.
--
--   archive(s, id, old)  a run that has ended goes on to be known as old, which lies in the same
--                        partition, with all that is left to be told about it; how the log of the
--                        one that gets the id begins, as events go on
-- COST  O(what is left to be told + log runs)

local function archive(s, id, old)
  local log = redis.call('HGET', s .. 'run:' .. id, 'log')
  for _, kind in ipairs({ 'run:', 'list:', 'blob:', 'errors:', 'ch:' }) do
    if redis.call('EXISTS', s .. kind .. id) == 1 then
      redis.call('RENAME', s .. kind .. id, s .. kind .. old)
    end
  end
  relabel(s, id, old)
  local dead = redis.call('ZSCORE', s .. 'dead', id)
  if dead then
    redis.call('ZREM', s .. 'dead', id)
    redis.call('ZADD', s .. 'dead', dead, old)
  end
  for _, slot in ipairs({ 'f', 'i' }) do
    local when = redis.call('ZSCORE', s .. 'due:endpoint', id .. '#' .. slot)
    if when then
      redis.call('ZREM', s .. 'due:endpoint', id .. '#' .. slot)
      redis.call('ZADD', s .. 'due:endpoint', when, old .. '#' .. slot)
    end
  end
  return string.format('%.0f-%d', last(log))
end
