-- notify: what a run waits for is there. Where it does not wait yet it may be kept until it does.
-- What is sent to a run that was resumed is for the one that resumes it.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
--       2 event      what it waits for
--       3 slot       which of its waits; empty: the one that has waited longest
--       4 tail       what completes the step
--       5 keep       1: kept where it does not wait yet
--       6 most       mails kept in a run
--       7 most_bytes of all of them
-- RETURNS {'ARRIVED', waits left} | {'LATE', 0}  the run does not wait for it
--         {'KEPT', 0} | {'FULL', 0}  it keeps all it may
-- COST  O(log runs)

local s = KEYS[1]
local id, event, slot, tail, keep, most, most_bytes = unpack(ARGV)

local run, st, to = nil, nil, id
repeat
  id, run = to, s .. 'run:' .. to
  st, to = unpack(redis.call('HMGET', run, 'st', 'to:rf'))
until not to or slot ~= '' or not ended(st)
if not st or ended(st) then return { 'LATE', 0 } end
local waits = s .. 'waits:' .. id .. ':' .. event
if slot == '' then slot = redis.call('LINDEX', waits, 0) or '' end
if slot ~= '' and arrive(s, id, slot, tail) then
  return { 'ARRIVED', redis.call('LLEN', waits) }
end
if keep == '0' then return { 'LATE', 0 } end
local count, bytes = unpack(redis.call('HMGET', run, 'mc', 'mb'))
if (count or 0) + 1 > tonumber(most) or (bytes or 0) + #tail > tonumber(most_bytes) then
  return { 'FULL', 0 }
end
redis.call('HINCRBY', run, 'mc', 1)
redis.call('HINCRBY', run, 'mb', #tail)
local number = redis.call('HINCRBY', run, 'mq', 1)
redis.call('HSET', run, string.format('m:%09d:', number) .. event, tail)
return { 'KEPT', 0 }
