-- pause: lets nobody go on with a run until it is unpaused. A run that is held stops at its
-- holder's next write.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
-- RETURNS {'DONE'} | {'UNCHANGED'}  paused before | {'WRONG'}  it has ended | {'UNKNOWN'}
-- COST  O(log runs)

local s, id = KEYS[1], ARGV[1]

local run = s .. 'run:' .. id
local st = redis.call('HGET', run, 'st')
if not st then return { 'UNKNOWN' } end
if ended(st) then return { 'WRONG' } end
if st == 'PAUSED' then return { 'UNCHANGED' } end
if st == 'RUNNING' then
  return { redis.call('HSET', run, 'pz', '1') == 1 and 'DONE' or 'UNCHANGED' }
end
redis.call('HDEL', run, 'pz') -- of a holder that lost the run since
enter(s, id, 'PAUSED')
look(s, id, 'inf')
return { 'DONE' }
