-- leave: ends a membership in order, with all the node had.
--
-- KEYS  1 nodes      members, by the end of their lease         sc:{cluster}:nodes
--       2 info       how members are reached                    sc:{cluster}:info
--       3 regs       "node seq address", sorted by name         sc:{cluster}:regs
--       4 locks      name -> "node token"                       sc:{cluster}:locks
--       5 head       version and mark of the last change        sc:{cluster}:head
--       6 log        the last changes                           sc:{cluster}:log
-- ARGV  1 node       its id
-- RETURNS {'LEFT'}, also when it was no member
-- COST  O(what it had)

local nodes, info, regs, locks, head, log = unpack(KEYS)
local node = ARGV[1]

if forget(node, nodes, info, regs, locks) then tell(head, log, 'LEAVE', node, '0', '') end
return { 'LEFT' }
