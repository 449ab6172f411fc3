-- release: gives a run back so that another node goes on with it at once; not a lost holder.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
--       2 token      of the holder's take
-- RETURNS {'RELEASED'} | {'FENCED'}
-- COST  O(log runs)

local s = KEYS[1]
local id, token = unpack(ARGV)

local run = s .. 'run:' .. id
local tk, st = unpack(redis.call('HMGET', run, 'tk', 'st'))
if tk ~= token or st ~= 'RUNNING' then return { 'FENCED' } end
redis.call('HSET', run, 'tk', '')
enter(s, id, 'QUEUED')
look(s, id, now)
return { 'RELEASED' }
