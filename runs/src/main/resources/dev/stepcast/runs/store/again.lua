-- again: makes a new run from one that failed or was canceled, once for each way.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 old        the run
--       2 id         of the new run, in the same partition
--       3 mark       field that names the old run in the new one    rf: resumed  xf: restarted
--       4 labels     separated by line feeds
--       5 event      workflow.runStart, left open
--       6… fields    of the old run that the new one has as well
-- RETURNS {'MADE', id of the new run}, the same for ever | {'WRONG'}  state | {'UNKNOWN'}
-- COST  O(fields + log runs)

local s = KEYS[1]
local old, id, mark, labels, event = unpack(ARGV, 1, 5)
local from, to = s .. 'run:' .. old, s .. 'run:' .. id

local st = redis.call('HGET', from, 'st')
if not st then return { 'UNKNOWN' } end
if st ~= 'FAILED' and st ~= 'CANCELED' then return { 'WRONG' } end
if redis.call('HSETNX', from, 'to:' .. mark, id) == 0 then
  return { 'MADE', redis.call('HGET', from, 'to:' .. mark) }
end
redis.call('HSET', to, 'st', '', 'tk', '', 'c', 0, 'at', now, mark, old)
for i = 6, #ARGV do
  local value = redis.call('HGET', from, ARGV[i])
  local large = redis.call('HGET', s .. 'blob:' .. old, ARGV[i])
  if value then redis.call('HSET', to, ARGV[i], value) end
  if large then redis.call('HSET', s .. 'blob:' .. id, ARGV[i], large) end
end
redis.call('ZADD', s .. 'idx:all', now, id)
label(s, id, labels)
store(s .. 'ch:' .. id, to, 'workflow.runStart', event)
enter(s, id, 'QUEUED')
look(s, id, now)
return { 'MADE', id }
