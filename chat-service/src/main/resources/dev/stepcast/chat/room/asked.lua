-- asked: the passcode that a room asks of who wants to join, counted as an attempt.
--
-- KEYS  1 room       its facts                                  sc:{7}:room:room_x
--       2 spent      its buckets                                sc:{7}:room:room_x:spent
-- ARGV  1 member     who comes back; '' for nobody known        mem_x
--       2 most       attempts at once                           > 0
--       3 refill_ms  until the next one                         > 0
-- RETURNS {'OK', hash, or '' where none is asked} | {'TOO_OFTEN', ms} | {'UNKNOWN'} | {'GONE', why}
-- COST  O(1)

local room, spent = KEYS[1], KEYS[2]
local member, most, refill_ms = unpack(ARGV)

local refusal, now, left_ms, alias = enter(room, member)
if refusal then return refusal end
local hash = redis.call('HGET', room, 'passcode')
if alias or not hash then return { 'OK', '' } end
local wait = spend(spent, 'passcode', now, most, refill_ms)
if wait then return { 'TOO_OFTEN', wait } end
redis.call('PEXPIRE', spent, left_ms)
return { 'OK', hash }
