-- run: functions that every script about a run begins with. In them s is what every key of the
-- partition begins with (sc:{7}:) and id a run's.
--
--   now               ms since the epoch, by the clock of Redis
--   closed(json)      completes an object that was left open after "at": with now
--   ended(state)      whether nothing more can happen to a run in that state
--   indexed(s, id, from, to, at)  moves it between the indexes of states; from: false for a new one
--   changed(s, all)    tells the list of changes which runs moved: m, '<id> <state> <workflow>', …
--   enter(s, id, to)   moves the run to a state: hash, index, list of changes
--   label(s, id, all)  lists a new run under its labels, which line feeds separate

local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)

local function closed(json)
  return json:byte(-1) == 58 and json .. now .. '}' or json
end

local function ended(state)
  return state == 'SUCCEEDED' or state == 'FAILED' or state == 'CANCELED'
end

local function index(state)
  if state == 'QUEUED' or state == 'RUNNING' then return 'LIVE' end
  return state ~= 'SUCCEEDED' and state
end

local function indexed(s, id, from, to, at)
  local was, is = index(from), index(to)
  if was ~= is and was then redis.call('ZREM', s .. 'idx:' .. was, id) end
  if was ~= is and is then redis.call('ZADD', s .. 'idx:' .. is, at, id) end
end

local function changed(s, all)
  redis.call('XADD', s .. 'changes', 'MAXLEN', '~', 4096, '*', unpack(all))
end

local function enter(s, id, to)
  local run = s .. 'run:' .. id
  local from, at, wf = unpack(redis.call('HMGET', run, 'st', 'at', 'wf'))
  redis.call('HSET', run, 'st', to)
  indexed(s, id, from ~= '' and from, to, at)
  changed(s, { 'm', id .. ' ' .. to .. ' ' .. wf })
end

local function label(s, id, all)
  for one in all:gmatch('[^\n]+') do
    redis.call('ZADD', s .. 'idx:label:' .. one, now, id)
    redis.call('ZADD', s .. 'labels', 'NX', now, one)
  end
end
