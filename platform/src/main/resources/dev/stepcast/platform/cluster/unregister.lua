-- unregister: removes one registration of a member; removing it again changes nothing.
--
-- KEYS  1 nodes      members, by the end of their lease         sc:{cluster}:nodes
--       2 regs       "node seq address", sorted by name         sc:{cluster}:regs
--       3 head       version and mark of the last change        sc:{cluster}:head
--       4 log        the last changes                           sc:{cluster}:log
-- ARGV  1 node       its id
--       2 seq        tells a node's registrations of one address apart
--       3 address    what is listened to
-- RETURNS {'DONE'} | {'LOST'}: not a member, join again
-- COST  O(log registrations)

local nodes, regs, head, log = unpack(KEYS)
local node, seq, address = ARGV[1], ARGV[2], ARGV[3]

if not redis.call('ZSCORE', nodes, node) then return { 'LOST' } end
if redis.call('ZREM', regs, node .. ' ' .. seq .. ' ' .. address) == 1 then
  tell(head, log, 'DROP', node, seq, address)
end
return { 'DONE' }
