-- spend: the function that takes one token out of a bucket of a room, if there is one. A bucket is
-- one number, the time at which it is full again (GCRA).
--
--   spent      the room's buckets                               sc:{7}:room:room_x:spent
--   bucket     which                                            post:mem_x
--   now        by the clock of Redis, ms
--   most       tokens it holds; 0: no limit
--   refill_ms  until the next token
-- RETURNS nil, or how many ms to wait
-- COST    O(1)

local function spend(spent, bucket, now, most, refill_ms)
  if tonumber(most) == 0 then return nil end
  local full_at = math.max(now, tonumber(redis.call('HGET', spent, bucket) or 0)) + refill_ms
  local wait = full_at - now - most * refill_ms
  if wait > 0 then return math.ceil(wait) end
  redis.call('HSET', spent, bucket, full_at)
  return nil
end

