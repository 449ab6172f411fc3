-- again: what was told once a run or message had failed is told once more.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run or message
--       2 slot       in which it is told
--       3 spec       of the delivery, as JSON
-- RETURNS {'OPENED'} | {'GONE'}  it is not kept any longer
-- COST  O(log runs)

local s = KEYS[1]
local id, slot, spec = unpack(ARGV)

local st = redis.call('HGET', s .. 'run:' .. id, 'st')
if not st or not ended(st) then return { 'GONE' } end
redis.call('HDEL', s .. 'run:' .. id, 'ff')
open(s, id, slot, spec, now)
return { 'OPENED' }
