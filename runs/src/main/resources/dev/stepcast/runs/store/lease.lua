-- lease: a function of take.lua.
--
--   lease(s, id, holder, again)  the token under which the run is leased, nil where it is not.
--                                A run whose holder went silent is leased again at once the first
--                                time, then after 1, 5 and 30 s: it may be what kills its holders
--                                'owes' for an ended run that has obligations left

local delays = { 0, 1000, 5000, 30000 }

local function lease(s, id, holder, again)
  local run = s .. 'run:' .. id
  local st, e, tk, rec, pz = unpack(redis.call('HMGET', run, 'st', 'e', 'tk', 'rec', 'pz'))
  if again then
    return st == 'RUNNING' and tk == e .. ':' .. holder and tk
  elseif not st then
    redis.call('ZREM', s .. 'due:' .. ARGV[1], id)
  elseif ended(st) then
    return 'owes'
  elseif pz then
    redis.call('HDEL', run, 'pz')
    redis.call('HSET', run, 'tk', '')
    enter(s, id, 'PAUSED')
    look(s, id, '+inf')
  else
    e, rec = (e or 0) + 1, tonumber(rec or 0)
    local lost = st == 'RUNNING' and rec + 1 or rec
    local wait = lost > rec and delays[lost] or 0
    local token = wait > 0 and '' or e .. ':' .. holder
    redis.call('HSET', run, 'e', e, 'rec', lost, 'c', 0, 'tk', token)
    if wait > 0 then
      enter(s, id, 'QUEUED')
      look(s, id, now + wait)
      return nil
    end
    enter(s, id, 'RUNNING')
    return token
  end
end
