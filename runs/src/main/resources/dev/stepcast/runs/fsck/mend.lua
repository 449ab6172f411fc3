-- mend: puts right about one run what can be without guessing: that it is looked at, that it is
-- listed where it stands, and that it is forgotten in its time and not before.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
--       2 keep_ms    how long an ended run is kept that has no end yet
--       3… names     of the indexes in which it may be
-- RETURNS {'MENDED'} | {'UNKNOWN'}
-- COST  O(fields of the run)

local s, id, keep_ms = KEYS[1], ARGV[1], ARGV[2]

local run = s .. 'run:' .. id
local st, pool, at, tk, owed = unpack(redis.call('HMGET', run, 'st', 'pool', 'at', 'tk', 'owed'))
if not st then return { 'UNKNOWN' } end
local due, member, endpoint = s .. 'due:' .. pool, id, pool == 'endpoint'
for i = 3, #ARGV do
  local wanted = ARGV[i] == index(st) or ARGV[i] == 'all'
  if wanted then redis.call('ZADD', s .. 'idx:' .. ARGV[i], 'NX', at, id)
  else redis.call('ZREM', s .. 'idx:' .. ARGV[i], id) end
end
for _, field in ipairs(endpoint and redis.call('HKEYS', run) or {}) do
  local slot = open_slot(s, id, st, field)
  if slot then redis.call('ZADD', due, 'NX', now, id .. '#' .. slot) end
end
local busy = not ended(st) or tonumber(owed or 0) > 0
if not busy and not endpoint then redis.call('ZREM', due, id) end
if not busy and redis.call('PTTL', run) < 0 then
  for _, k in ipairs({ 'run:', 'blob:', 'list:', 'ch:' }) do
    redis.call('PEXPIRE', s .. k .. id, keep_ms)
  end
end
if busy and not endpoint then
  redis.call('ZADD', due, 'NX', now, id)
  if st ~= 'PAUSED' and redis.call('ZSCORE', due, id) == 'inf' then
    redis.call('ZADD', due, now, id)
  end
end
if not ended(st) then redis.call('PERSIST', run) end
if st == 'RUNNING' and tk == '' and not endpoint then enter(s, id, 'QUEUED') end
return { 'MENDED' }
