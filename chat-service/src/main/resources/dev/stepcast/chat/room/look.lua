-- look: what a room is like now.
--
-- KEYS  1 room       its facts                                  sc:{7}:room:room_x
--       2 present    who has a live connection                  sc:{7}:members:room_x
-- ARGV  1 member     who asks; '' for nobody                    mem_x
-- RETURNS {'OK', now, alias of who asks or '', {fact, value, fact, value, …},
--          {who has a live connection, …}}
--         | {'UNKNOWN'} | {'GONE', why}
-- COST  O(seats)

local room, present = KEYS[1], KEYS[2]
local member = ARGV[1]

local refusal, now, _, alias = enter(room, member)
if refusal then return refusal end
return { 'OK', now, alias or '', redis.call('HGETALL', room), redis.call('HKEYS', present) }
