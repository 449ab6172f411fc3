-- take: takes one token out of a bucket, if there is one.
--
-- KEYS  1 bucket     when it is full again (GCRA)               sc:{7}:spent:hook:…
-- ARGV  1 most       tokens it holds                            > 0
--       2 refill_ms  until the next token                       > 0
-- RETURNS {'TAKEN'} | {'EMPTY', ms to wait}
-- COST  O(1)

local bucket = KEYS[1]
local most, refill_ms = tonumber(ARGV[1]), tonumber(ARGV[2])

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local full_at = math.max(now, tonumber(redis.call('GET', bucket) or 0)) + refill_ms
local wait = math.ceil(full_at - now - most * refill_ms)
if wait > 0 then return { 'EMPTY', wait } end
redis.call('SET', bucket, full_at, 'PX', math.ceil(full_at - now))
return { 'TAKEN' }
