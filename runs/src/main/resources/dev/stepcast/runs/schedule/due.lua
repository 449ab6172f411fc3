-- due: claims schedules whose tick has come. Who claims and dies loses nothing: after the claim
-- they are due again, and what a tick starts has the tick in its id.
--
-- KEYS  1 space      what every key of schedules begins with        sc:{schedules}:
-- ARGV  1 most       schedules claimed at most
--       2 claim_ms   how long nobody else gets them
-- RETURNS {now, next due ms or -1, {field, value, …}…}
-- COST  O(schedules answered, log schedules)

local s = KEYS[1]
local most, claim_ms = unpack(ARGV)

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due, answer = s .. 'due', { now, -1 }
for _, id in ipairs(redis.call('ZRANGEBYSCORE', due, '-inf', now, 'LIMIT', 0, most)) do
  local fields = redis.call('HGETALL', s .. 'schedule:' .. id)
  if #fields == 0 then
    redis.call('ZREM', due, id)
  else
    redis.call('ZADD', due, now + claim_ms, id)
    answer[#answer + 1] = fields
  end
end
local first = redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')
if first[2] then answer[2] = tonumber(first[2]) end
return answer
