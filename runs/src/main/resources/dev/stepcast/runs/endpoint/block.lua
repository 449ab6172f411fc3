-- block: a delivery that was taken may not be made yet: others of its key are under way.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run or message
--       2 slot       of the delivery
--       3 token      of the take
--       4 at         when it is looked at again, ms since the epoch
-- RETURNS {'BLOCKED'} | {'FENCED'}
-- COST  O(log runs)

local s = KEYS[1]
local id, slot, token, at = unpack(ARGV)

local run = s .. 'run:' .. id
if redis.call('HGET', run, 't:' .. slot) ~= token then return { 'FENCED' } end
free(s, id, slot)
due(s, id, slot, at)
local st, busy = unpack(redis.call('HMGET', run, 'st', 'busy'))
if not ended(st) and tonumber(busy or 0) == 0 then move(s, id, 'BLOCKED_BY_FLOW') end
return { 'BLOCKED' }
