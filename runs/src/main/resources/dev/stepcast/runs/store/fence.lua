-- fence: what every script of a holder begins with, after look.lua. The guard stands here once, so
-- no transition can forget it, and reads at once what the script needs to know about the run.
--
--   held(s, id, token, c, from)  nil where the holder may write, else what it is answered:
--                                FENCED: the run is another's now; AGAIN: this very write was
--                                applied. from: where in ARGV the write is, see record.lua
--   stands                       the run's fields by name, those of the write among them

local stands = {}

local function held(s, id, token, c, from)
  local names = { 'tk', 'c', 'st', 'pz', 'at', 'wf', 'pool', 'owed', 'log' }
  for i = from + 1, from + 2 * ARGV[from], 2 do names[#names + 1] = ARGV[i] end
  local values = redis.call('HMGET', s .. 'run:' .. id, unpack(names))
  for i = 1, #names do stands[names[i]] = values[i] end
  local tk, was, st = values[1], values[2], values[3]
  if tk ~= token then return 'FENCED' end
  if c <= tonumber(was) then return 'AGAIN' end
  if st ~= 'RUNNING' then return 'FENCED' end
  if c == was + 1 then return nil end
  redis.call('HSET', s .. 'run:' .. id, 'tk', '') -- Redis lost writes of this holder: start over
  enter(s, id, 'QUEUED')
  look(s, id, now)
  return 'FENCED'
end
