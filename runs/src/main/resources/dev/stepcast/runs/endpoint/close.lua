-- close: ends a run or a message. Who holds one of its deliveries is fenced from now on.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run or message
--       2 slot       of the delivery that ends it; empty: the endpoint or a caller does
--       3 token      of the take of that delivery
--       4 state      SUCCEEDED, FAILED or CANCELED
--       5 keep_ms    how long it is kept
--       6 field      where it is written what it ended with; empty: nowhere
--       7 value      that, as JSON
--       8 event      on the run's channel; empty: none
--       9 data       of the event, left open
--       10 dead      its entry among the dead letters, as JSON; empty: none
--       11… slots    slot and spec of each delivery that is left to be made
-- RETURNS {'CLOSED'} | {'ENDED'}  it had | {'FENCED'} | {'UNKNOWN'}
-- COST  O(deliveries + log runs)

local s = KEYS[1]
local id, slot, token, state, keep_ms, field, value, event, data, dead = unpack(ARGV, 1, 10)

local run = s .. 'run:' .. id
local st, held = unpack(redis.call('HMGET', run, 'st', 't:' .. slot))
if not st then return { 'UNKNOWN' } end
if ended(st) then return { 'ENDED' } end
if slot ~= '' and held ~= token then return { 'FENCED' } end
if field:sub(1, 2) == 'b:' then redis.call('HSET', s .. 'blob:' .. id, field:sub(3), value)
elseif field ~= '' then redis.call('HSET', run, field, value) end
redis.call('HSET', run, 'end', now)
if slot ~= '' then shut(s, id, slot) end
move(s, id, state)
if event ~= '' then tell(s, id, '', '', '', event, data) end
if dead ~= '' then
  redis.call('HSET', run, 'dead', dead)
  redis.call('ZADD', s .. 'dead', now, id)
end
for i = 11, #ARGV, 2 do open(s, id, ARGV[i], ARGV[i + 1], now) end
for _, kind in ipairs({ 'run:', 'list:', 'blob:', 'errors:', 'ch:', 'tail:' }) do
  redis.call('PEXPIRE', s .. kind .. id, keep_ms)
end
return { 'CLOSED' }
