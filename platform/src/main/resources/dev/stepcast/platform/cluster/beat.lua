-- beat: renews a member's lease, and buries those whose lease ran out, with all they had. Where
-- nobody was heard for a whole lease it was Redis that was away, and every member gets another one.
--
-- KEYS  1 nodes      members, by the end of their lease         sc:{cluster}:nodes
--       2 info       how members are reached                    sc:{cluster}:info
--       3 regs       "node seq address", sorted by name         sc:{cluster}:regs
--       4 locks      name -> "node token"                       sc:{cluster}:locks
--       5 head       of the last change; when one last beat     sc:{cluster}:head
--       6 log        the last changes                           sc:{cluster}:log
-- ARGV  1 node       its id
--       2 lease_ms   how long it counts as alive unheard        > 0
-- RETURNS {'ALIVE', version, mark} | {'LOST'}: not a member, join again
-- COST  O(1), and the burials' cost for whoever comes first

local nodes, info, regs, locks, head, log = unpack(KEYS)
local node, lease_ms = ARGV[1], ARGV[2]

if not redis.call('ZSCORE', nodes, node) then return { 'LOST' } end
local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
local before = tonumber(redis.call('HGET', head, 'beat') or ms)
redis.call('HSET', head, 'beat', ms)
local members = ms - before > tonumber(lease_ms) and redis.call('ZRANGE', nodes, 0, -1) or { node }
for _, each in ipairs(members) do redis.call('ZADD', nodes, ms + lease_ms, each) end
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', nodes, '-inf', ms, 'LIMIT', 0, 16)) do
  forget(dead, nodes, info, regs, locks)
  tell(head, log, 'LEAVE', dead, '0', '')
end
return { 'ALIVE', redis.call('HGET', head, 'version'), redis.call('HGET', head, 'mark') }
