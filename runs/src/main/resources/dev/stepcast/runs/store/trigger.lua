-- trigger: accepts a run, once for its id and for its idempotency key.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
--       2 once       what the idempotency key became                sc:{7}:id:<key>
-- ARGV  1 id         of the run, in the key's partition
--       2 hash       of the request; another one under the same id or key is a conflict
--       3 delay_ms   start that much later
--       4 not_before start then or later, ms since the epoch
--       5 once_ms    how long the key is remembered                 '0': there is no key
--       6 labels     separated by line feeds
--       7 event      workflow.runStart, left open
--       8 old        what an ended run of that id is known as from now on; empty: it keeps it
--       9… fields    name and value; b:… goes to the run's large values
-- RETURNS {'TRIGGERED', id, createdAt} | {'KNOWN', id, createdAt} | {'CONFLICT', id}
-- COST  O(labels + log runs)

local s, once = KEYS[1], KEYS[2]
local id, hash, delay_ms, not_before, once_ms, labels, event, old = unpack(ARGV, 1, 8)

local known = once_ms ~= '0' and redis.call('GET', once) or id
local rh, at = unpack(redis.call('HMGET', s .. 'run:' .. known, 'rh', 'at'))
local again, log
if rh then again, log = archive(s, known, old, rh == hash) end
if rh and not again and rh ~= hash then return { 'CONFLICT', known } end
if rh and not again then return { 'KNOWN', known, tonumber(at) } end

local run, ch, own, ring = s .. 'run:' .. id, s .. 'ch:' .. id, {}, nil
log, ring = told(ch, log, now, 'workflow.runStart', event)
local fields = { 'st', 'QUEUED', 'at', now, 'rh', hash, 'log', log }
for i = 9, #ARGV, 2 do
  if ARGV[i]:sub(1, 2) == 'b:' then
    redis.call('HSET', s .. 'blob:' .. id, ARGV[i]:sub(3), ARGV[i + 1])
  else
    fields[#fields + 1], fields[#fields + 2] = ARGV[i], ARGV[i + 1]
    own[ARGV[i]] = ARGV[i + 1]
  end
end
redis.call('HSET', run, unpack(fields))
if again then redis.call('HSET', run, unpack(again)) end
redis.call('PUBLISH', ch, ring)
if once_ms ~= '0' then redis.call('SET', once, id, 'PX', once_ms) end
redis.call('ZADD', s .. 'idx:all', now, id)
label(s, id, labels)
indexed(s, id, false, 'QUEUED', now)
changed(s, { 'm', id .. ' QUEUED ' .. own.wf })
look(s, id, math.max(now + delay_ms, tonumber(not_before)), own.pool)
return { 'TRIGGERED', id, now }
