-- keep: a function of the scripts that end a run.
--
--   keep(s, id, keep_ms, tail_ms)  forgets an ended run after keep_ms, unless it has obligations
--                                  left: then it stays due until they are met, see settle.lua

local function keep(s, id, keep_ms, tail_ms)
  local run = s .. 'run:' .. id
  local pool, owed = unpack(redis.call('HMGET', run, 'pool', 'owed'))
  if tonumber(owed or 0) > 0 then
    redis.call('HSET', run, 'keep', keep_ms .. ' ' .. tail_ms)
    return look(s, id, now)
  end
  redis.call('ZREM', s .. 'due:' .. pool, id)
  redis.call('PEXPIRE', run, keep_ms)
  redis.call('PEXPIRE', s .. 'blob:' .. id, keep_ms)
  redis.call('PEXPIRE', s .. 'ch:' .. id, keep_ms)
  redis.call('PEXPIRE', s .. 'tail:' .. id, tail_ms)
end
