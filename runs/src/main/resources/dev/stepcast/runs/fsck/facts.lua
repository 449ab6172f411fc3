-- facts: what stands about one run in one moment, for fsck.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
--       2… names     of the indexes in which it may be
-- RETURNS {} where there is none | {st, pool, tk, e, owed, ttl ms, score or '', open waits,
--         {index…}, {slots of deliveries that are not due…}}
-- COST  O(fields of the run)

local s, id = KEYS[1], ARGV[1]

local run = s .. 'run:' .. id
local st, pool, tk, e, owed = unpack(redis.call('HMGET', run, 'st', 'pool', 'tk', 'e', 'owed'))
if not st then return {} end
local due = s .. 'due:' .. (pool or '')
local within, undue, waits = {}, {}, 0
for i = 2, #ARGV do
  if redis.call('ZSCORE', s .. 'idx:' .. ARGV[i], id) then within[#within + 1] = ARGV[i] end
end
for _, field in ipairs(pool == 'endpoint' and redis.call('HKEYS', run) or {}) do
  if field:sub(1, 2) == 'w.' then waits = waits + 1 end
  local slot = open_slot(s, id, st, field)
  if slot and not redis.call('ZSCORE', due, id .. '#' .. slot) then undue[#undue + 1] = slot end
end
return { st, pool or '', tk or '', e or '0', owed or '0', redis.call('PTTL', run),
  redis.call('ZSCORE', due, id) or '', waits, within, undue }
