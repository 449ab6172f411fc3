-- resume: a new run that keeps what a failed one recorded, and delivers again what it failed at.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 old        the run that failed
--       2 id         of the new run, in the same partition
--       3 slot       of the delivery that failed
--       4 spec       of it, as JSON
--       5 config     of the new run, as JSON
--       6 event      workflow.runStart, left open
-- RETURNS {'RESUMED', id} | {'UNKNOWN'} | {'KNOWN', id}  it was resumed before
-- COST  O(the old run's entries)

local s = KEYS[1]
local old, id, slot, spec, config, event = unpack(ARGV)

local from, run = s .. 'run:' .. old, s .. 'run:' .. id
local st, before = unpack(redis.call('HMGET', from, 'st', 'resumed'))
if before then return { 'KNOWN', before } end
if st ~= 'FAILED' and st ~= 'CANCELED' then return { 'UNKNOWN' } end
redis.call('HSET', run, 'st', '', 'tk', '', 'c', 0, 'at', now, 'ep', config, 'rf', old)
local kept = { ex = 1, pool = 1, wf = 1, v = 1, cf = 1, results = 1 }
kept['in'] = 1
local fields = redis.call('HGETALL', from)
for i = 1, #fields, 2 do
  local kind = fields[i]:sub(1, 2)
  if kept[fields[i]] or kind == 'k:' or kind == 'j:' or kind == 'x:' then
    redis.call('HSET', run, fields[i], fields[i + 1])
  end
end
redis.call('HSET', from, 'resumed', id)
redis.call('ZREM', s .. 'dead', old)
for _, kind in ipairs({ 'list:', 'blob:' }) do
  redis.call('COPY', s .. kind .. old, s .. kind .. id, 'REPLACE')
  redis.call('PERSIST', s .. kind .. id)
end
redis.call('ZADD', s .. 'idx:all', now, id)
tell(s, id, '', '', '', 'workflow.runStart', event)
move(s, id, 'QUEUED')
open(s, id, slot, spec, now)
return { 'RESUMED', id }
