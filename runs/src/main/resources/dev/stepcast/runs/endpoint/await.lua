-- await: a step waits for an event, a webhook or a child. Mail that came before is taken at once.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
--       2 slot       w and the step's number
--       3 event      what it waits for
--       4 timeout_ms the wait ends by itself then                   '0': never
--       5 begun      the step as JSON without its last brace; the arrival adds the rest
--       6 spec       of the delivery that follows, as JSON
--       7 msg        id of the message that the step becomes
--       8 arrival    entry's field, entry and workflow.stepFinish for then, one a line
--       9… tell      what tell in post.lua takes
-- RETURNS {'WAITING', event}  event: of the first sending | {'GONE'}
-- COST  O(log runs)

local s = KEYS[1]
local id, slot, event, timeout_ms, begun, spec, msg, arrival = unpack(ARGV, 1, 8)

local run = s .. 'run:' .. id
local st = redis.call('HGET', run, 'st')
if not st or ended(st) then return { 'GONE' } end
local known = redis.call('HGET', run, 'x:' .. slot)
if known then return { 'WAITING', known } end
redis.call('HSET', run, 'x:' .. slot, event, 'w.' .. slot, spec .. '\n' .. msg .. '\n' .. begun)
redis.call('HSET', run, 'rest', 'WAITING', 'y:' .. slot:sub(2), arrival)
redis.call('HINCRBY', run, 'open', 1)
tell(s, id, unpack(ARGV, 9, 13))
local mail = mailed(s, id, event)
if mail then arrive(s, id, slot, mail) return { 'WAITING', event } end
redis.call('RPUSH', s .. 'waits:' .. id .. ':' .. event, slot)
if timeout_ms ~= '0' then
  redis.call('HSET', run, 'd:' .. slot, '{"kind":"TIMEOUT","method":"POST","headers":{}}')
  due(s, id, slot, now + timeout_ms)
end
return { 'WAITING', event }
