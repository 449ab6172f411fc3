-- settle: a delivery is done. What follows from it (a callback) opens in the same step.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run or message
--       2 slot       of the delivery
--       3 token      of the take
--       4 state      of a message that is done; empty for a run
--       5 keep_ms    how long that message is kept
--       6… slots     slot and spec of each delivery that follows
-- RETURNS {'SETTLED', open}  deliveries and waits that the run still has; also where it was done
--         before, and the answer lost | {'FENCED'}
-- COST  O(log runs)

local s = KEYS[1]
local id, slot, token, state, keep_ms = unpack(ARGV, 1, 5)

local run = s .. 'run:' .. id
local held, spec, left = unpack(redis.call('HMGET', run, 't:' .. slot, 'd:' .. slot, 'open'))
if held ~= token then
  if spec or not left or ended(redis.call('HGET', run, 'st')) then return { 'FENCED' } end
  return { 'SETTLED', tonumber(left) }
end
for i = 6, #ARGV, 2 do open(s, id, ARGV[i], ARGV[i + 1], now) end
left = shut(s, id, slot)
local st, rest, busy = unpack(redis.call('HMGET', run, 'st', 'rest', 'busy'))
if ended(st) then return { 'SETTLED', 1 } end
if state ~= '' then
  redis.call('HSET', run, 'st', state, 'end', now)
  note(s, id, 'DELIVERED')
  leave(s, id, keep_ms)
elseif st == 'RUNNING' and left > 0 and tonumber(busy or 0) == 0 then
  move(s, id, rest or 'QUEUED')
end
return { 'SETTLED', left }
