-- emit: appends one event to a channel, once for each key, as often as its policy allows. A bucket
-- is one number, the time at which it is full again (GCRA); it holds a quarter of a minute's.
--
-- KEYS  1 stream     the channel's history                      sc:{7}:ch:order-1
--       2 tail       its last id                                sc:{7}:tail:order-1
--       3 once       what the key's event became                sc:{7}:once:7:order-1:<key>
--       4 of_channel bucket of the channel                      sc:{7}:rate:order-1
--       5 of_subject bucket of who publishes on it              sc:{7}:share:7:order-1:<subject>
-- ARGV  1 event      name                                       note
--       2 data       JSON, passed through unread
--       3 keep_max   entries kept in the history
--       4 keep_ms    how long the history is kept               '0': the channel has an owner
--       5 tail_ms    how long a gap can still be told
--       6 once_ms    how long the key is remembered             '0': the event has no key
--       7 channel_per_minute                                    '0': no limit
--       8 subject_per_minute                                    '0': no limit
-- RETURNS {'APPENDED', id} | {'DUPLICATE', id} | {'NO_CHANNEL'} | {'TOO_OFTEN', wait_ms}
-- COST  O(1), trimming amortised

local stream, tail, once, of_channel, of_subject = unpack(KEYS)
local event, data, keep_max, keep_ms, tail_ms, once_ms = unpack(ARGV, 1, 6)
local channel_per_minute, subject_per_minute = ARGV[7], ARGV[8]

if once_ms ~= '0' then
  local before = redis.call('GET', once)
  if before then return { 'DUPLICATE', before } end
end
if keep_ms == '0' and redis.call('EXISTS', tail) == 0 then return { 'NO_CHANNEL' } end

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function wanted(bucket, per_minute) -- when it would be full again, and how long to wait first
  local gap = 60000 / per_minute
  local full_at = math.max(now, tonumber(redis.call('GET', bucket) or 0)) + gap
  return full_at, full_at - now - math.max(gap, 15000)
end
local takes, wait_ms = {}, 0
for bucket, per_minute in pairs({ [of_channel] = channel_per_minute,
  [of_subject] = subject_per_minute }) do
  if per_minute ~= '0' then
    local full_at, wait = wanted(bucket, per_minute)
    takes[bucket], wait_ms = full_at, math.max(wait_ms, wait)
  end
end
if wait_ms > 0 then return { 'TOO_OFTEN', math.ceil(wait_ms) } end
for bucket, full_at in pairs(takes) do
  redis.call('SET', bucket, string.format('%.3f', full_at), 'PX', math.ceil(full_at - now))
end

local id = append(stream, tail, event, data, keep_max, keep_ms, tail_ms)
if once_ms ~= '0' then redis.call('SET', once, id, 'PX', once_ms) end
return { 'APPENDED', id }
