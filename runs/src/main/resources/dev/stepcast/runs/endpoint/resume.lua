-- resume: a new run that keeps what an ended one recorded, and makes again the deliveries that were
-- open when it ended and had not done their work, and the one that it failed at. For children that
-- it waited for it asks anew.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 old        the run that failed or was canceled
--       2 id         of the new run, in the same partition
--       3 slot       of the delivery that failed; empty: none did
--       4 spec       of it, as JSON
--       5 config     of the new run, as JSON
--       6 event      workflow.runStart, left open
--       7 path       of the step that failed, which is forgotten
--       8 labels     separated by line feeds
-- RETURNS {'RESUMED', id, event…}  that the old run waited for | {'UNKNOWN'}
--         {'KNOWN', id}  it was before
-- COST  O(the old run's entries)

local s = KEYS[1]
local old, id, slot, spec, config, event, path, labels = unpack(ARGV)

local from, run = s .. 'run:' .. old, s .. 'run:' .. id
local st, before = unpack(redis.call('HMGET', from, 'st', 'to:rf'))
if before then return { 'KNOWN', before } end
if st ~= 'FAILED' and st ~= 'CANCELED' then return { 'UNKNOWN' } end
redis.call('HSET', run, 'st', '', 'tk', '', 'c', 0, 'at', now, 'ep', config, 'rf', old)
local kept = { pool = 1, wf = 1, v = 1, cf = 1, results = 1, rd = 1 }
for _, count in ipairs({ 'mc', 'mb', 'mq' }) do kept[count] = 1 end
local opened, answer, fields = {}, { 'RESUMED', id }, redis.call('HGETALL', from)
for i = 1, #fields, 2 do
  local name, value, kind = fields[i], fields[i + 1], fields[i]:match('^([jkwxydam][:.])')
  if (kept[name] or name == 'in' or kind) and kind ~= 'd:' and name ~= 'j:' .. path then
    redis.call('HSET', run, name, value)
  end
  if kind == 'd:' and name:match('^d:[%dcw]') then opened[name:sub(3)] = value end
  if kind == 'w.' then answer[#answer + 1] = name:sub(3) end
end
if slot ~= '' then opened[slot] = spec end
redis.call('HSET', from, 'to:rf', id)
redis.call('ZREM', s .. 'dead', old)
redis.call('COPY', s .. 'list:' .. old, s .. 'list:' .. id, 'REPLACE')
redis.call('COPY', s .. 'blob:' .. old, s .. 'blob:' .. id, 'REPLACE')
redis.call('PERSIST', s .. 'list:' .. id)
redis.call('PERSIST', s .. 'blob:' .. id)
redis.call('ZADD', s .. 'idx:all', now, id)
label(s, id, labels)
tell(s, id, '', '', '', 'workflow.runStart', event)
local first = reopen(s, old, id, opened)
for i = 3, #answer do
  answer[i] = anew(s, id, answer[i], opened)
  if answer[i]:sub(1, 7) == 'invoke:' then first = now end
end
local later = first and first > now and 'SLEEPING' or 'QUEUED'
local rests = #answer > 2 and 'WAITING' or later
redis.call('HSET', run, 'rest', rests)
move(s, id, first and first <= now and 'QUEUED' or rests)
return answer
