-- close: ends a run or a message. Who holds one of its deliveries is fenced from now on.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run or message
--       2 slot       of the delivery that ends it; empty: the endpoint or a caller does
--       3 token      of the take of that delivery
--       4 state      SUCCEEDED, FAILED or CANCELED
--       5 keep_ms    how long it is kept, once nothing is left to be told
--       6 field      where it is written what it ended with; empty: nowhere
--       7 value      that, as JSON
--       8 event      on the run's channel; empty: none
--       9 data       of the event, left open
--       10 dead      its entry among the dead letters, as JSON; empty: none
--       11… step     what tell in post.lua takes, for a step that failed for good
--       16… slots    slot and spec of each delivery that is left to be made
-- RETURNS {'CLOSED'} | {'ENDED'}  it had | {'FENCED'} | {'UNKNOWN'}
-- COST  O(deliveries + log runs)

local s = KEYS[1]
local id, slot, token, state, keep_ms, field, value, event, data, dead = unpack(ARGV, 1, 10)

local run = s .. 'run:' .. id
local st, held, rd = unpack(redis.call('HMGET', run, 'st', 't:' .. slot, 'rd'))
if not st then return { 'UNKNOWN' } end
if ended(st) then return { 'ENDED' } end
if slot ~= '' and held ~= token then return { 'FENCED' } end
if rd and rd:find('body', 1, true) and state == 'SUCCEEDED' then value = '"REDACTED"' end
if field:sub(1, 2) == 'b:' then redis.call('HSET', s .. 'blob:' .. id, field:sub(3), value)
elseif field ~= '' then redis.call('HSET', run, field, value) end
redis.call('HSET', run, 'end', now)
if slot ~= '' then shut(s, id, slot) end
move(s, id, state)
tell(s, id, unpack(ARGV, 11, 15))
if event ~= '' then tell(s, id, '', '', '', event, data) end
if dead ~= '' then
  redis.call('HSET', run, 'dead', dead)
  redis.call('ZADD', s .. 'dead', now, id)
end
note(s, id, state, state == 'FAILED' and { 'error', dead } or {})
for i = 16, #ARGV, 2 do
  if ARGV[i] == 'f' then redis.call('HSET', run, 'told', ARGV[i + 1]) end
  open(s, id, ARGV[i], ARGV[i + 1], now)
end
leave(s, id, keep_ms)
return { 'CLOSED' }
