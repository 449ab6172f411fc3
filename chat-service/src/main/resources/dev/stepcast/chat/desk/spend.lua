-- spend: the function that takes one token out of a bucket of a room, if there is one. A bucket is
-- one number, the time at which it is full again (GCRA). And pace, which every command of a member
-- goes through: one token of the seat's for it, one of the room's, which has tokens for ten seats
-- or, for what is only whispered or read, for fifty. Whoever asks anything is there.
--
--   spent      the room's buckets                               sc:{7}:room:room_x:spent
--   bucket     which                                            post:mem_x
--   now        by the clock of Redis, ms
--   most       tokens it holds; 0: no limit
--   refill_ms  until the next token
-- RETURNS nil, or how many ms to wait; pace nil, or {'TOO_OFTEN', ms}
-- COST    O(1)

local function spend(spent, bucket, now, most, refill_ms)
  if tonumber(most) == 0 then return nil end
  local full_at = math.max(now, tonumber(redis.call('HGET', spent, bucket) or 0)) + refill_ms
  local wait = full_at - now - most * refill_ms
  if wait > 0 then return math.ceil(wait) end
  redis.call('HSET', spent, bucket, full_at)
  return nil
end

local function pace(room, spent, what, member, now, left_ms, most, refill_ms)
  redis.call('HSET', room, 'seen:' .. member, now)
  local seats = (what == 'post' or what == 'amend' or what == 'rule') and 10 or 50
  local wait = spend(spent, what .. ':' .. member, now, most, refill_ms)
    or spend(spent, what, now, most * seats, refill_ms / seats)
  redis.call('PEXPIRE', spent, left_ms)
  return wait and { 'TOO_OFTEN', wait } or nil
end
