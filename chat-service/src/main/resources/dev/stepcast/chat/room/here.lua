-- here: a member is heard of, or says goodbye for now. From then on their silence is watched.
--
-- KEYS  1 room       its facts                                  sc:{7}:room:room_x
--       2 stream     its channel                                sc:{7}:ch:room_x
--       3 watched    seats by when to look at them              sc:{7}:seats
--       4 present    who has a live connection                  sc:{7}:members:room_x
--       5 spent      its buckets                                sc:{7}:room:room_x:spent
-- ARGV  1 member     who                                        mem_x
--       2 seat       as it is watched                           room_x mem_x
--       3 here       '1', or '0': away from now on
--       4 away_ms    silence after which they count as away     > 0
--       5 grace_ms   silence after which the seat is free       > away_ms
--       6 most       of a seat at once                          '0': no limit
--       7 refill_ms  until the next one
-- RETURNS as look | {'TOO_OFTEN', ms} | {'NO_SEAT'}
-- COST  O(seats)

local room, stream, watched, present, spent = unpack(KEYS)
local member, seat, here, away_ms, grace_ms, most, refill_ms = unpack(ARGV)

local refusal, now, left_ms, alias = enter(room, member)
if refusal then return refusal end
if not alias then return { 'NO_SEAT' } end
local wait = pace(room, spent, 'here', member, now, left_ms, most, refill_ms)
if wait then return wait end
local changed
if here == '1' then
  changed = redis.call('HDEL', room, 'away:' .. member) == 1
  redis.call('ZADD', watched, now + away_ms, seat)
else
  changed = redis.call('HSETNX', room, 'away:' .. member, '1') == 1
  redis.call('ZADD', watched, now + grace_ms, seat)
end
if changed then
  whisper(stream, 'chat.presence', string.format('{"member":"%s","here":%s}', member,
    tostring(here == '1')))
end
return { 'OK', now, alias, redis.call('HGETALL', room), redis.call('HKEYS', present) }
