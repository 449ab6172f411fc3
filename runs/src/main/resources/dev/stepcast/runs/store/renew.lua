-- renew: moves the lease ends of runs that their holder still holds.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 pool       of the runs                                    java
--       2 lease_ms   how long they are the holder's from now on
--       3… runs      id and token of each
-- RETURNS {now, id…}  those that are another's now
-- COST  O(runs log runs)

local s = KEYS[1]
local pool, lease_ms = unpack(ARGV, 1, 2)

local answer = { now }
for i = 3, #ARGV, 2 do
  local id, token = ARGV[i], ARGV[i + 1]
  local tk, st = unpack(redis.call('HMGET', s .. 'run:' .. id, 'tk', 'st'))
  if tk == token and st == 'RUNNING' then
    redis.call('ZADD', s .. 'due:' .. pool, now + lease_ms, id)
  else
    answer[#answer + 1] = id
  end
end
return answer
