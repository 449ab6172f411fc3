-- log: functions of the scripts that tell what happens to a run. What was told is in the run, in
-- field log of its hash; a log of more than 1000 bytes moves to a list and a new one begins.
--
--   log    <begin> RS <event> RS <event> …           separators that neither JSON nor a name has
--   begin  id of the event before; of a run's very first log: when that event was, in ms
--   event  <ms after begin>[-<seq>] <name> GS <data>                '.' stands for ' workflow.'
--   data   JSON; ending with a colon it is completed with the ms and a brace. What a field of the
--          run says as well is stored there: <JSON> US <field>[ <bytes of it>], and then "at"
--
--   last(log)              ms and seq of its last event
--   whole(data, ms, value) the data as it is told; value(field) answers what a field says
--   restated(data, field, value)  the data where that field, which never changes, says it; or nil
--   told(ch, log, now, event, data, short)  the log with one event more, and what is published as
--                          soon as that is stored. short: how data is stored. ch: the list; its
--                          name is that of the pub/sub channel as well
--   store(ch, run, event, data, short)   all in one; the event's id
--   append(ch, run, event, data)         the same for scripts that may as well append to a stream

local function last(log)
  local begin, seq = log:match('^(%d+)%-?(%d*)')
  local after, n = log:match('.*\30(%d+)%-?(%d*)[ .]')
  return begin + (after or 0), tonumber(after and n or seq) or 0
end

local function whole(data, ms, value)
  local text, field, bytes = data:match('^([^\31]*)\31(%S+) ?(%d*)$')
  if field then data = text .. value(field):sub(1, tonumber(bytes) or -1) .. ',"at":' end
  return data:byte(-1) == 58 and data .. string.format('%.0f}', ms) or data
end

local function restated(data, field, value)
  local said = data:sub(1, -7)
  if data:sub(-6) ~= ',"at":' then return nil end
  if value:sub(1, #said) == said then return '\31' .. field .. ' ' .. #said end
  if said:sub(-#value) == value then return said:sub(1, -#value - 1) .. '\31' .. field end
end

local function told(ch, log, now, event, data, short)
  local ms, seq, before, count = now, 0, 0, 0
  local begin = log and log:match('^%d+') or now
  if log then before, count = last(log) end
  if now <= before then ms, seq = before, count + 1 end
  local id = string.format('%.0f-%d', ms, seq)
  log = (log or string.format('%.0f', now)) .. '\30' .. string.format('%.0f', ms - begin)
    .. (seq > 0 and '-' .. seq or '') .. (event:match('^workflow(%..*)') or ' ' .. event)
    .. '\29' .. (short or data)
  if #log > 1000 then log = redis.call('RPUSH', ch, log) and id end
  return log, id .. string.format(' %.0f-%d ', before, count) .. event .. ' ' .. whole(data, ms)
end

local function store(ch, run, event, data, short)
  local time = redis.call('TIME')
  local log, ring = told(ch, redis.call('HGET', run, 'log'),
    time[1] * 1000 + math.floor(time[2] / 1000), event, data, short)
  redis.call('HSET', run, 'log', log)
  local kept = redis.call('PTTL', run) -- of a run that has ended: its older log goes with it
  if kept > 0 then redis.call('PEXPIRE', ch, kept) end
  redis.call('PUBLISH', ch, ring)
  return ring:match('^%S+')
end

local function append(ch, run, event, data) return store(ch, run, event, data) end
