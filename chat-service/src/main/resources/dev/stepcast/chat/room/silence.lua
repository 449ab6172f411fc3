-- silence: looks at a member who was not heard of for a while: away first, out in the end, unless
-- they have a live connection.
--
-- KEYS  1 room          its facts                               sc:{7}:room:room_x
--       2 stream        its channel                             sc:{7}:ch:room_x
--       3 tail          its channel's last id                   sc:{7}:tail:room_x
--       4 revoked       who must not listen                     sc:{7}:revoked:room_x
--       5 watched       seats by when to look at them           sc:{7}:seats
--       6 present       who has a live connection               sc:{7}:members:room_x
-- ARGV  1 seat          as it is watched                        room_x mem_x
--       2 member        whose seat                              mem_x
--       3 away_ms       silence after which one is away         > 0
--       4 grace_ms      silence after which a seat is free      > away_ms
--       5 tombstone_ms  how long the end is remembered
-- RETURNS {'OK'}: there is nothing more to do now | {'UNKNOWN'} | {'GONE', why}
-- COST  O(seats)

local room, stream, watched, present = KEYS[1], KEYS[2], KEYS[5], KEYS[6]
local seat, member, away_ms, grace_ms, tombstone_ms = unpack(ARGV)

local refusal, now, left_ms, alias = enter(room, member)
if refusal or not alias then redis.call('ZREM', watched, seat) end
if refusal then return refusal end
if not alias or now < tonumber(redis.call('ZSCORE', watched, seat) or now + 1) then
  return { 'OK' }
end
local seen = tonumber(redis.call('HGET', room, 'seen:' .. member) or now)
local out_at = seen + grace_ms
local away = redis.call('HEXISTS', room, 'away:' .. member) == 1
if redis.call('HEXISTS', present, member) == 1 then
  redis.call('HSET', room, 'seen:' .. member, now)
  redis.call('ZADD', watched, now + away_ms, seat)
  if redis.call('HDEL', room, 'away:' .. member) == 1 then
    whisper(stream, 'chat.presence', '{"member":"' .. member .. '","here":true}')
  end
elseif now < seen + away_ms and not away then -- has asked for something meanwhile
  redis.call('ZADD', watched, seen + away_ms, seat)
elseif now >= out_at then
  redis.call('ZREM', watched, seat)
  vacate(KEYS, member, alias, 'silent', left_ms, tombstone_ms)
else
  redis.call('ZADD', watched, out_at, seat)
  if redis.call('HSETNX', room, 'away:' .. member, '1') == 1 then
    whisper(stream, 'chat.presence', '{"member":"' .. member .. '","here":false}')
  end
end
return { 'OK' }
