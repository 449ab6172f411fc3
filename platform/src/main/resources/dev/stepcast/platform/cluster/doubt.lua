-- doubt: buries a member that cannot be reached, unless Redis can still hear it.
--
-- KEYS  1 nodes      members, by the end of their lease         sc:{cluster}:nodes
--       2 info       how members are reached                    sc:{cluster}:info
--       3 regs       "node seq address", sorted by name         sc:{cluster}:regs
--       4 locks      name -> "node token"                       sc:{cluster}:locks
--       5 head       version and mark of the last change        sc:{cluster}:head
--       6 log        the last changes                           sc:{cluster}:log
--       7 ear        the channel the member listens on          sc:{cluster}:ear:<node>
-- ARGV  1 node       whose port refused us
-- RETURNS {'BURIED'} | {'HEARD'}: it lives, or was no member
-- COST  O(what it had)

local nodes, info, regs, locks, head, log, ear = unpack(KEYS)
local node = ARGV[1]

if redis.call('PUBSUB', 'NUMSUB', ear)[2] > 0 then return { 'HEARD' } end
if not forget(node, nodes, info, regs, locks) then return { 'HEARD' } end
tell(head, log, 'LEAVE', node, '0', '')
return { 'BURIED' }
