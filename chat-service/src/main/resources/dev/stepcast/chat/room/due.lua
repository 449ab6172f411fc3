-- due: the rooms of a partition whose time has come, the seats to look at, and when to come back.
--
-- KEYS  1 rooms      ids by deadline                            sc:{7}:rooms
--       2 watched    seats by when to look at them              sc:{7}:seats
-- ARGV  1 count_max  rooms and seats answered at most           > 0
-- RETURNS {ms until the next one or -1, {id, …}, {seat, …}}
-- COST  O(log rooms + what is answered)

local rooms, watched = KEYS[1], KEYS[2]
local count_max = ARGV[1]

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local found, wait = {}, -1
for i, key in ipairs({ rooms, watched }) do
  found[i] = redis.call('ZRANGEBYSCORE', key, '-inf', now, 'LIMIT', 0, count_max)
  local next = redis.call('ZRANGEBYSCORE', key, '(' .. now, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
  if next[2] and (wait < 0 or next[2] - now < wait) then wait = next[2] - now end
end
return { wait, found[1], found[2] }
