-- notify: what a run waits for is there. Where it does not wait yet it may be kept until it does.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
--       2 event      what it waits for
--       3 slot       which of its waits; empty: the one that has waited longest
--       4 tail       what completes the step
--       5 keep       1: kept where it does not wait yet
-- RETURNS {'ARRIVED', waits left} | {'KEPT', 0} | {'LATE', 0}  the run does not wait for it
-- COST  O(log runs)

local s = KEYS[1]
local id, event, slot, tail, keep = unpack(ARGV)

local waits = s .. 'waits:' .. id .. ':' .. event
local st = redis.call('HGET', s .. 'run:' .. id, 'st')
if not st or ended(st) then return { 'LATE', 0 } end
if slot == '' then slot = redis.call('LINDEX', waits, 0) or '' end
if slot ~= '' and arrive(s, id, slot, tail) then
  return { 'ARRIVED', redis.call('LLEN', waits) }
end
if keep == '0' then return { 'LATE', 0 } end
local mail = s .. 'mail:' .. id .. ':' .. event
if redis.call('RPUSH', mail, tail) > 1000 then redis.call('LPOP', mail) end
redis.call('PEXPIRE', mail, 604800000)
return { 'KEPT', 0 }
