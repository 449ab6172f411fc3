-- unpause: lets a paused run go on; it looks itself whether it must still sleep or wait.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
-- RETURNS {'DONE'} | {'WRONG'}  it is not paused | {'UNKNOWN'}
-- COST  O(log runs)

local s, id = KEYS[1], ARGV[1]

local run = s .. 'run:' .. id
local st = redis.call('HGET', run, 'st')
if not st then return { 'UNKNOWN' } end
if st == 'RUNNING' and redis.call('HDEL', run, 'pz') == 1 then return { 'DONE' } end
if st ~= 'PAUSED' then return { 'WRONG' } end
enter(s, id, 'QUEUED')
look(s, id, now)
return { 'DONE' }
