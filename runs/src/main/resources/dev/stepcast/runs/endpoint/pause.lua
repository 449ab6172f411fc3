-- pause: makes no delivery of a run until it is unpaused. One that is under way goes on; what comes
-- of it is recorded.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
-- RETURNS {'DONE'} | {'UNCHANGED'}  paused before | {'WRONG'}  it has ended | {'UNKNOWN'}
-- COST  O(log runs)

local s, id = KEYS[1], ARGV[1]

local st = redis.call('HGET', s .. 'run:' .. id, 'st')
if not st then return { 'UNKNOWN' } end
if ended(st) then return { 'WRONG' } end
if st == 'PAUSED' then return { 'UNCHANGED' } end
enter(s, id, 'PAUSED')
return { 'DONE' }
