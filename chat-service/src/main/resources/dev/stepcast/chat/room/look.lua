-- look: what a room is like now.
--
-- KEYS  1 room       its facts                                  sc:{7}:room:room_x
-- ARGV  1 member     who asks; '' for nobody                    mem_x
-- RETURNS {'OK', now, alias of who asks or '', {fact, value, fact, value, …}}
--         | {'UNKNOWN'} | {'GONE', why}
-- COST  O(seats)

local room = KEYS[1]
local member = ARGV[1]

local refusal, now, _, alias = enter(room, member)
if refusal then return refusal end
return { 'OK', now, alias or '', redis.call('HGETALL', room) }
