-- unblock: there may be a slot for a run that flow control blocks: it goes and asks again.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
-- RETURNS {'DONE'} | {'GONE'}  it has ended
-- COST  O(log runs)

local s, id = KEYS[1], ARGV[1]

local st = redis.call('HGET', s .. 'run:' .. id, 'st')
if not st or ended(st) then return { 'GONE' } end
if st == 'BLOCKED_BY_FLOW' then
  enter(s, id, 'QUEUED')
  look(s, id, now)
else
  redis.call('HSET', s .. 'run:' .. id, 'fg', '1') -- it is about to be parked: it goes on instead
end
return { 'DONE' }
