-- unpause: lets a paused run go on. What became due meanwhile is due now; the rest keeps its time.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
-- RETURNS {'DONE'} | {'WRONG'}  it is not paused | {'UNKNOWN'}
-- COST  O(fields of the run)

local s, id = KEYS[1], ARGV[1]

local run = s .. 'run:' .. id
local st, rest, busy = unpack(redis.call('HMGET', run, 'st', 'rest', 'busy'))
if not st then return { 'UNKNOWN' } end
if st ~= 'PAUSED' then return { 'WRONG' } end
enter(s, id, tonumber(busy or 0) > 0 and 'RUNNING' or rest or 'QUEUED')
for _, field in ipairs(redis.call('HKEYS', run)) do
  local slot = field:match('^d:(.*)$')
  local at = slot and redis.call('ZSCORE', s .. 'due:endpoint', id .. '#' .. slot)
  if at and tonumber(at) == math.huge then due(s, id, slot, now) end
end
return { 'DONE' }
