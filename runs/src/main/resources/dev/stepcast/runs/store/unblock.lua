-- unblock: there is a slot for a run that flow control blocks: it goes and asks again.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
-- RETURNS {'DONE'} | {'GONE'}  it has ended, or is paused: the slot is for somebody else
-- COST  O(log runs)

local s, id = KEYS[1], ARGV[1]

local run = s .. 'run:' .. id
local st, at, wf, pool = unpack(redis.call('HMGET', run, 'st', 'at', 'wf', 'pool'))
if not st or ended(st) or st == 'PAUSED' then return { 'GONE' } end
if st == 'BLOCKED_BY_FLOW' then
  redis.call('HSET', run, 'st', 'QUEUED')
  indexed(s, id, st, 'QUEUED', at)
  changed(s, { 'm', id .. ' QUEUED ' .. wf })
  look(s, id, now, pool)
elseif st == 'RUNNING' then
  redis.call('HSET', run, 'fg', '1') -- it is about to be parked: it goes on instead
end
return { 'DONE' }
