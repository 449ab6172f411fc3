-- join: makes a node a member, or one that was forgotten a member again, with all it has.
--
-- KEYS  1 nodes      members, by the end of their lease         sc:{cluster}:nodes
--       2 info       how members are reached                    sc:{cluster}:info
--       3 regs       "node seq address", sorted by name         sc:{cluster}:regs
--       4 locks      name -> "node token"                       sc:{cluster}:locks
--       5 head       version and mark of the last change        sc:{cluster}:head
--       6 log        the last changes                           sc:{cluster}:log
-- ARGV  1 node       its id, without blanks
--       2 lease_ms   how long it counts as alive unheard        > 0
--       3 reached    its node info                              '': not known yet
--       4… had       "seq address" of each registration
-- RETURNS {'JOINED'}
-- COST  O(registrations)

local nodes, info, regs, locks, head, log = unpack(KEYS)
local node, lease_ms, reached = ARGV[1], ARGV[2], ARGV[3]

forget(node, nodes, info, regs, locks)
local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
redis.call('ZADD', nodes, ms + lease_ms, node)
tell(head, log, 'JOIN', node, '0', '')
if reached ~= '' then
  redis.call('HSET', info, node, reached)
  tell(head, log, 'INFO', node, '0', reached)
end
for i = 4, #ARGV do
  redis.call('ZADD', regs, 0, node .. ' ' .. ARGV[i])
  local seq, address = ARGV[i]:match('^(%S+) (.*)$')
  tell(head, log, 'ADD', node, seq, address)
end
return { 'JOINED' }
