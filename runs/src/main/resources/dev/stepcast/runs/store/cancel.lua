-- cancel: ends a run that has not ended, whoever holds it; its holder is fenced from now on.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
--       2 keep_ms    how long the run is kept
--       3 event      workflow.runCancel, left open
-- RETURNS {'DONE'} | {'UNCHANGED'}  it had ended | {'UNKNOWN'}
-- COST  O(log runs)

local s = KEYS[1]
local id, keep_ms, event = unpack(ARGV)

local run = s .. 'run:' .. id
local st = redis.call('HGET', run, 'st')
if not st then return { 'UNKNOWN' } end
if ended(st) then return { 'UNCHANGED' } end
redis.call('HSET', run, 'tk', '', 'end', now)
store(s .. 'ch:' .. id, run, 'workflow.runCancel', event)
enter(s, id, 'CANCELED')
keep(s, id, keep_ms)
if st == 'RUNNING' then redis.call('PUBLISH', s .. 'wake', 'drop ' .. id) end
return { 'DONE' }
