-- append: the function that stores one event on a channel and rings its listeners. It is put in
-- front of every script that tells something: what is stored is told, what is told is stored.
--
--   stream     the channel's history                            sc:{7}:ch:room_lobby
--   tail       its last id; outlives the stream                 sc:{7}:tail:room_lobby
--   event      name                                             chat.message
--   data       JSON, passed through unread
--   keep_max   entries kept in the history                      > 0, or '0': all
--   keep_ms    how long the history is kept                     > 0, or '0': as it is
--   tail_ms    how long a gap can still be told                 >= keep_ms, or '0': as it is,
--              or '': the same script appends more, and the tail is set with that
-- RETURNS the event's id
-- COST    O(1), trimming amortised

local ends = {} -- the last ids that this script gave out, by tail

local function append(stream, tail, event, data, keep_max, keep_ms, tail_ms)
  local prev, id = ends[tail] or redis.call('GET', tail) or '0-0', nil
  if prev ~= '0-0' and keep_max == '0' then
    id = redis.call('XADD', stream, 'NOMKSTREAM', '*', 'event', event, 'data', data, 'prev', prev)
  elseif prev ~= '0-0' then
    id = redis.call('XADD', stream, 'NOMKSTREAM', 'MAXLEN', '~', keep_max, '*',
      'event', event, 'data', data, 'prev', prev)
  end
  if not id then -- the first one, or the history is gone and its end remembered
    local now = redis.call('TIME')
    local ms = now[1] * 1000 + math.floor(now[2] / 1000)
    local at = prev == '0-0' and '*'
      or string.format('%.0f-0', math.max(ms, tonumber(prev:match('^%d+')) + 1))
    id = redis.call('XADD', stream, at, 'event', event, 'data', data, 'prev', prev)
  end
  ends[tail] = id
  if tail_ms == '0' then redis.call('SET', tail, id, 'KEEPTTL')
  elseif tail_ms ~= '' then redis.call('SET', tail, id, 'PX', tail_ms) end
  if keep_ms ~= '0' then redis.call('PEXPIRE', stream, keep_ms) end
  redis.call('PUBLISH', stream, id .. ' ' .. prev .. ' ' .. event .. ' ' .. data)
  return id
end

