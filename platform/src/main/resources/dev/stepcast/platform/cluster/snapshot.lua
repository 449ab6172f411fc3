-- snapshot: all there is, at one version.
--
-- KEYS  1 nodes      members, by the end of their lease         sc:{cluster}:nodes
--       2 info       how members are reached                    sc:{cluster}:info
--       3 regs       "node seq address", sorted by name         sc:{cluster}:regs
--       4 head       version and mark of the last change        sc:{cluster}:head
-- RETURNS {version, mark, {node…}, {node, info, …}, {"node seq address"…}}
-- COST  O(all registrations)

local nodes, info, regs, head = unpack(KEYS)

return {
  redis.call('HGET', head, 'version') or '0', redis.call('HGET', head, 'mark') or '',
  redis.call('ZRANGE', nodes, 0, -1), redis.call('HGETALL', info),
  redis.call('ZRANGE', regs, 0, -1),
}
