-- look: a function of every script that moves a run, after run.lua.
--
--   look(s, id, at, pool)  sets when the run is looked at next, and rings if no node expects it so
--                          early; pool may be left out

local function look(s, id, at, pool)
  pool = pool or redis.call('HGET', s .. 'run:' .. id, 'pool')
  redis.call('ZADD', s .. 'due:' .. pool, at, id)
  local idle = redis.call('GET', s .. 'idle:' .. pool) -- when the pool's nodes look next
  if idle and tonumber(at) < tonumber(idle) then
    redis.call('SET', s .. 'idle:' .. pool, at, 'PX', 60000)
    redis.call('PUBLISH', s .. 'wake', 'due ' .. pool .. ' ' .. at)
  end
end
