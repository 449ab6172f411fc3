-- begin: tells that a step is being run, for those that take long. May repeat, and comes to nothing
-- where the step has ended meanwhile.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
--       2 token      of the holder's take
--       3 path       of the step
--       4 note       what its attempts were, as JSON
--       5 event      workflow.stepStart, left open
-- RETURNS {'TOLD'} | {'FENCED'}
-- COST  O(1)

local s = KEYS[1]
local id, token, path, note, event = unpack(ARGV)

local run = s .. 'run:' .. id
local tk, st, entry = unpack(redis.call('HMGET', run, 'tk', 'st', 'j:' .. path))
if tk ~= token or st ~= 'RUNNING' or entry then return { 'FENCED' } end
redis.call('HSET', run, 'a:' .. path, note)
store(s .. 'ch:' .. id, run, 'workflow.stepStart', event)
return { 'TOLD' }
