-- deliver: puts what a run waits for into its journal, and wakes it if nobody holds it.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
--       2 path       of the wait; its entry is written once, by whoever is first
--       3 entry      as JSON, left open
--       4 large      its result where that is over 16 KiB; else ''
--       5 kind       name of the event on the run's channel
--       6 event      its data, left open
-- RETURNS {'DELIVERED'} | {'BEFORE'}  the same delivery came before | {'LATE'}  it waits no more
-- COST  O(log runs)

local s = KEYS[1]
local id, path, entry, large, kind, event = unpack(ARGV)

local run = s .. 'run:' .. id
local st, there, wait = unpack(redis.call('HMGET', run, 'st', 'j:' .. path, 'w:' .. path))
if there and there:match('^(.*"at":)') == entry then return { 'BEFORE' } end
if not st or ended(st) or there or not wait then return { 'LATE' } end
local field, whole_entry = 'j:' .. path, closed(entry)
redis.call('HSET', run, field, whole_entry)
if large ~= '' then redis.call('HSET', s .. 'blob:' .. id, field, large) end
store(s .. 'ch:' .. id, run, kind, event, restated(event, field, whole_entry))
if st ~= 'RUNNING' and st ~= 'PAUSED' and st ~= 'QUEUED' then
  enter(s, id, 'QUEUED')
  look(s, id, now)
end
return { 'DELIVERED' }
