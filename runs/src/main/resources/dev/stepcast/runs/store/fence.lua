-- fence: a function that every script of a holder begins with, after look.lua. The guard stands
-- here once, so no transition can forget it.
--
--   held(s, id, token, c)  nil where the holder may write, else what it is answered:
--                          FENCED: the run is another's now; AGAIN: this very write was applied

local function held(s, id, token, c)
  local tk, was, st = unpack(redis.call('HMGET', s .. 'run:' .. id, 'tk', 'c', 'st'))
  if tk ~= token then return 'FENCED' end
  if c <= tonumber(was) then return 'AGAIN' end
  if st ~= 'RUNNING' then return 'FENCED' end
  if c == was + 1 then return nil end
  redis.call('HSET', s .. 'run:' .. id, 'tk', '') -- Redis lost writes of this holder: start over
  enter(s, id, 'QUEUED')
  look(s, id, now)
  return 'FENCED'
end
