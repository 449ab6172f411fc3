-- ledger: the two functions every change of the cluster goes through. Put in front of the scripts
-- that change something: what is stored is told, in one order for all.
--
--   head       version and mark of the last change              sc:{cluster}:head
--   log        the last changes; also the channel that rings    sc:{cluster}:log
--   kind       JOIN, INFO, ADD, DROP or LEAVE
-- A mark is a digest of all that happened before it: two nodes at the same version and mark have
-- seen the same history, and a Redis that lost some of it cannot go unnoticed.
-- RETURNS tell nothing; forget whether the node was a member
-- COST  tell O(1), forget O(log n + what the node had + locks held)

local function tell(head, log, kind, node, seq, text)
  local before = redis.call('HGET', head, 'mark')
  if not before then -- an empty Redis begins a history unlike any other
    before = table.concat(redis.call('TIME'), '.') .. node
  end
  local version = redis.call('HINCRBY', head, 'version', 1)
  local mark = redis.sha1hex(table.concat({ before, kind, node, seq, text }, '\n')):sub(1, 16)
  redis.call('HSET', head, 'mark', mark)
  redis.call('XADD', log, 'MAXLEN', '~', 4096, version .. '-1',
    'mark', mark, 'kind', kind, 'node', node, 'seq', seq, 'text', text)
  redis.call('PUBLISH', log, version)
end

local function forget(node, nodes, info, regs, locks)
  redis.call('HDEL', info, node)
  redis.call('ZREMRANGEBYLEX', regs, '[' .. node .. ' ', '(' .. node .. '!')
  local held = redis.call('HGETALL', locks)
  for i = 1, #held, 2 do
    if held[i + 1]:match('^%S+') == node then redis.call('HDEL', locks, held[i]) end
  end
  return redis.call('ZREM', nodes, node) == 1
end
