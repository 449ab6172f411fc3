-- join: takes a seat, or comes back to one's own. Never makes a room.
--
-- KEYS  1 room          its facts                               sc:{7}:room:room_x
--       2 stream        its channel                             sc:{7}:ch:room_x
--       3 tail          its channel's last id                   sc:{7}:tail:room_x
--       4 watched       seats by when to look at them           sc:{7}:seats
--       5 spent         its buckets                             sc:{7}:room:room_x:spent
-- ARGV  1 member        who came back; '' for nobody we know    mem_x
--       2 newcomer      id to take the seat under               mem_y
--       3 alias         to be called so                         Fox
--       4 fold          what no two aliases may have in common  fox
--       5 passcode      hash of what was given                  as the room's fact, '' for none
--       6 tombstone_ms  how long the end is remembered
--       7 seat          as it will be watched                   room_x mem_y
--       8 away_ms       silence after which one is away         > 0
--       9 most          who sit down at once                    '0': no limit
--       10 refill_ms    until the next one
-- RETURNS {'OK', member, alias, expires at, now, owner, '1' when the seat was theirs}
--         | {'TOO_OFTEN', ms} | {'FULL'} | {'LOCKED'} | {'PASSCODE'} | {'ALIAS_TAKEN'}
--         | {'UNKNOWN'} | {'GONE', why}
-- COST  O(1)

local room, stream, tail, watched, spent = unpack(KEYS)
local member, newcomer, alias, fold, passcode, tombstone_ms = unpack(ARGV)
local seat, away_ms, most, refill_ms = unpack(ARGV, 7)

local refusal, now, left_ms, known = enter(room, member)
if refusal then return refusal end
local owner, seats, taken, locked, asked = unpack(
  redis.call('HMGET', room, 'owner', 'seats', 'taken', 'locked', 'passcode'))
if known then return { 'OK', member, known, now + left_ms, now, owner or '', '1' } end
if locked == '1' then return { 'LOCKED' } end
if (asked or '') ~= passcode then return { 'PASSCODE' } end
if tonumber(taken) >= tonumber(seats) then return { 'FULL' } end
if redis.call('HEXISTS', room, 'called:' .. fold) == 1 then return { 'ALIAS_TAKEN' } end
local wait = spend(spent, 'join', now, most, refill_ms)
if wait then return { 'TOO_OFTEN', wait } end
redis.call('PEXPIRE', spent, left_ms)
redis.call('ZADD', watched, now + away_ms, seat)
redis.call('HSET', room, 'alias:' .. newcomer, alias, 'fold:' .. newcomer, fold,
  'called:' .. fold, newcomer, 'seen:' .. newcomer, now,
  'joined:' .. newcomer, redis.call('HINCRBY', room, 'joins', 1))
redis.call('HSETNX', room, 'owner', newcomer)
append(stream, tail, 'chat.join', string.format('{"member":"%s","alias":%s,"seats":%d}', newcomer,
  cjson.encode(alias), redis.call('HINCRBY', room, 'taken', 1)), '0', left_ms,
  left_ms + tombstone_ms)
return { 'OK', newcomer, alias, now + left_ms, now, owner or newcomer, '0' }
