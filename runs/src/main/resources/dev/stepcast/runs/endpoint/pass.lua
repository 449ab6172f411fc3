-- pass: a delivery that was blocked may ask again.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run or message
--       2 slot       of the delivery
-- RETURNS {'DUE'} | {'BUSY'}  it is under way | {'GONE'}  there is nothing to deliver any more
-- COST  O(log runs)

local s = KEYS[1]
local id, slot = unpack(ARGV)

local st, spec, t = unpack(redis.call('HMGET', s .. 'run:' .. id, 'st', 'd:' .. slot, 't:' .. slot))
if not st or not spec or (ended(st) and not slot:match('^[fio]')) then return { 'GONE' } end
if t then return { 'BUSY' } end
if st ~= 'PAUSED' then due(s, id, slot, now) end
return { 'DUE' }
