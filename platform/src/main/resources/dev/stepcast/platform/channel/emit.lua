-- emit: appends one event to a channel, once for each key.
--
-- KEYS  1 stream     the channel's history                      sc:{7}:ch:order-1
--       2 tail       its last id                                sc:{7}:tail:order-1
--       3 once       what the key's event became                sc:{7}:once:order-1:<key>
-- ARGV  1 event      name                                       note
--       2 data       JSON, passed through unread
--       3 keep_max   entries kept in the history
--       4 keep_ms    how long the history is kept               '0': the channel has an owner
--       5 tail_ms    how long a gap can still be told
--       6 once_ms    how long the key is remembered             '0': the event has no key
-- RETURNS {'APPENDED', id} | {'DUPLICATE', id} | {'NO_CHANNEL'}
-- COST  O(1), trimming amortised

local stream, tail, once = KEYS[1], KEYS[2], KEYS[3]
local event, data, keep_max, keep_ms, tail_ms, once_ms = unpack(ARGV)

if once_ms ~= '0' then
  local before = redis.call('GET', once)
  if before then return { 'DUPLICATE', before } end
end
if keep_ms == '0' and redis.call('EXISTS', tail) == 0 then return { 'NO_CHANNEL' } end
local id = append(stream, tail, event, data, keep_max, keep_ms, tail_ms)
if once_ms ~= '0' then redis.call('SET', once, id, 'PX', once_ms) end
return { 'APPENDED', id }
