-- describe: stores how a member is reached.
--
-- KEYS  1 nodes      members, by the end of their lease         sc:{cluster}:nodes
--       2 info       how members are reached                    sc:{cluster}:info
--       3 head       version and mark of the last change        sc:{cluster}:head
--       4 log        the last changes                           sc:{cluster}:log
-- ARGV  1 node       its id
--       2 reached    its node info
-- RETURNS {'DONE'} | {'LOST'}: not a member, join again
-- COST  O(1)

local nodes, info, head, log = unpack(KEYS)
local node, reached = ARGV[1], ARGV[2]

if not redis.call('ZSCORE', nodes, node) then return { 'LOST' } end
redis.call('HSET', info, node, reached)
tell(head, log, 'INFO', node, '0', reached)
return { 'DONE' }
