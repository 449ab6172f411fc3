-- renew: moves the lease ends of deliveries that are still under way.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 lease_ms   how long they are the holder's from now on
--       2… slots     id, slot and token of each
-- RETURNS {member…}  those that are another's now, or over
-- COST  O(deliveries log runs)

local s, lost = KEYS[1], {}
for i = 2, #ARGV, 3 do
  local id, slot, token = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if redis.call('HGET', s .. 'run:' .. id, 't:' .. slot) == token then
    redis.call('ZADD', s .. 'due:endpoint', now + ARGV[1], id .. '#' .. slot)
  else
    lost[#lost + 1] = id .. '#' .. slot
  end
end
return lost
