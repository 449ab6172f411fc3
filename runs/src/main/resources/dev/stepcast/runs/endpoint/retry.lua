-- retry: a delivery failed and is tried again later.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run or message
--       2 slot       of the delivery
--       3 token      of the take
--       4 delay_ms   until the next attempt
--       5 error      what happened, as JSON
-- RETURNS {'LATER'} | {'FENCED'}
-- COST  O(log runs)

local s = KEYS[1]
local id, slot, token, delay_ms, error = unpack(ARGV)

local run = s .. 'run:' .. id
if redis.call('HGET', run, 't:' .. slot) ~= token then return { 'FENCED' } end
free(s, id, slot)
redis.call('HINCRBY', run, 'n:' .. slot, 1)
redis.call('RPUSH', s .. 'errors:' .. id, slot .. ' ' .. error)
redis.call('PEXPIRE', s .. 'errors:' .. id, 604800000)
due(s, id, slot, now + delay_ms)
local st, busy = unpack(redis.call('HMGET', run, 'st', 'busy'))
if not ended(st) and tonumber(busy or 0) == 0 then move(s, id, 'BACKING_OFF') end
return { 'LATER' }
