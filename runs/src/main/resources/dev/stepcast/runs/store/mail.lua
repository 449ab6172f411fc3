-- mail: something sent to one run under a name: to be delivered where it waits for that, else kept
-- in the run until it does.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
--       2 name       what the run waits for
--       3 data       JSON; kept if the run does not wait
--       4 most       mails kept in a run
-- RETURNS {'WAITS', waiter} | {'KEPT'} | {'FULL'} | {'UNKNOWN'}  no such run, or it has ended
-- COST  O(1)

local s = KEYS[1]
local id, name, data, most = unpack(ARGV)

local run = s .. 'run:' .. id
local st, awaits = unpack(redis.call('HMGET', run, 'st', 'x:' .. name))
if not st or ended(st) then return { 'UNKNOWN' } end
local path, waiter = (awaits or ''):match('^(%S+) (.*)$')
if path and redis.call('HEXISTS', run, 'j:' .. path) == 0 then return { 'WAITS', waiter } end
if redis.call('HEXISTS', run, 'm:' .. name) == 0
  and redis.call('HINCRBY', run, 'mc', 1) > tonumber(most) then return { 'FULL' } end
redis.call('HSET', run, 'm:' .. name, data)
return { 'KEPT' }
