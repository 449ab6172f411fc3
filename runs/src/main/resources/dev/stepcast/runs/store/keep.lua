-- keep: a function of the scripts that end a run.
--
--   keep(s, id, keep_ms, known)  forgets an ended run after keep_ms, unless it has obligations
--                            left: then it stays due until they are met, see settle.lua; not yet
--                            where its holder meets them at once (mt).
--                            known: pool, owed and mt by name, or left out

local function keep(s, id, keep_ms, known)
  local run = s .. 'run:' .. id
  local fields = known or redis.call('HMGET', run, 'pool', 'owed')
  local pool, owed = fields.pool or fields[1], known and known.owed or fields[2]
  if tonumber(owed or 0) > 0 then
    redis.call('HSET', run, 'keep', keep_ms)
    return look(s, id, now + (known and known.mt and 5000 or 0), pool)
  end
  redis.call('ZREM', s .. 'due:' .. pool, id)
  redis.call('PEXPIRE', run, keep_ms)
  redis.call('PEXPIRE', s .. 'blob:' .. id, keep_ms)
  redis.call('PEXPIRE', s .. 'ch:' .. id, keep_ms)
end
