-- init: accepts a run of an endpoint, or a message of its own, once for its id.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run or message
--       2 config     what holds for all its deliveries, as JSON
--       3 anew       1: the endpoint itself sends it again with its real config
--       4 delay_ms   start that much later
--       5 not_before start then or later, ms since the epoch
--       6 message    first of its list
--       7 spec       of its delivery, as JSON
--       8 labels     separated by line feeds
--       9 event      workflow.runStart, left open; empty for a message
--       10 hash      of the request
--       11 once_ms   the same request is the same run that long after its end
--       12 old       what an ended run of that id is known as from now on, in the same partition
--       13 queue     in which a message waits its turn; empty: none
--       14… fields   name and value; b:… goes to the run's large values
-- RETURNS {'ACCEPTED', at} | {'KNOWN', at}  it has not ended yet, or not long ago, or is for once
-- COST  O(labels + log runs)

local s = KEYS[1]
local id, config, anew, delay_ms, not_before, message, spec, labels, event = unpack(ARGV, 1, 9)
local hash, once_ms, old, queue = unpack(ARGV, 10, 13)

local run = s .. 'run:' .. id
local st, at, over, known, once = unpack(redis.call('HMGET', run, 'st', 'at', 'end', 'rh', 'once'))
if st and not once and not ended(st) and anew == '1' then
  redis.call('LSET', s .. 'list:' .. id, 0, message)
  redis.call('HSET', run, 'ep', config, 'hold', '00') -- again, after the delivery under way
  open(s, id, '00', spec, now + 200)
  return { 'ACCEPTED', tonumber(at) }
end
if st and (once or not ended(st) or known == hash and now - (over or at) < tonumber(once_ms)) then
  return { 'KNOWN', tonumber(at) }
end
local log = st and event ~= '' and archive(s, id, old)
redis.call('DEL', run, s .. 'list:' .. id)
local fields = { 'st', '', 'tk', '', 'c', 0, 'at', now, 'ep', config, 'rh', hash }
local when = math.max(now + delay_ms, tonumber(not_before))
if event == '' then fields[13], fields[14] = 'due', string.format('%.0f', when)
elseif st then fields[13], fields[14], fields[15], fields[16] = 'old', old, 'log', log end
for i = 14, #ARGV, 2 do
  if ARGV[i]:sub(1, 2) ~= 'b:' then fields[#fields + 1], fields[#fields + 2] = ARGV[i], ARGV[i + 1]
  else redis.call('HSET', s .. 'blob:' .. id, ARGV[i]:sub(3), ARGV[i + 1]) end
end
redis.call('HSET', run, unpack(fields))
if event ~= '' then
  redis.call('ZADD', s .. 'idx:all', now, id)
  label(s, id, labels)
  tell(s, id, '', '', '', 'workflow.runStart', event)
else redis.call('ZADD', s .. 'msgs', now, id) end
move(s, id, 'QUEUED', '')
note(s, id, 'CREATED', { 'due', string.format('%.0f', when) })
if queue == '' then post(s, id, message, spec, when)
else
  redis.call('RPUSH', s .. 'list:' .. id, message)
  open(s, id, '0', spec)
  enqueue(s, id, queue, when)
end
return { 'ACCEPTED', now }
