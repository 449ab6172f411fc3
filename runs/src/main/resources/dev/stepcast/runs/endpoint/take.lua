-- take: leases due deliveries to a node. Sent again after a lost reply it finds none of them: they
-- are due again when their leases end.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 most       deliveries leased at most                      > 0
--       2 token      of this take, unique
--       3 lease_ms   how long they are the node's without a renewal
-- RETURNS {now, next due ms or -1, {id, slot, attempts before, config, createdAt, spec, message…}…}
-- COST  O(deliveries answered and their lists)

local s = KEYS[1]
local most, token, lease_ms = unpack(ARGV)
local pool = s .. 'due:endpoint'

local answer = { now, -1 }
local members = redis.call('ZRANGEBYSCORE', pool, '-inf', now, 'LIMIT', 0, most)
for _, member in ipairs(members) do
  local id, slot = member:match('^(.*)#([^#]*)$')
  local run = s .. 'run:' .. (id or member)
  local st, spec, n, ep, at = unpack(redis.call('HMGET', run, 'st', 'd:' .. (slot or ''),
    'n:' .. (slot or ''), 'ep', 'at'))
  local after = slot and slot:match('^[fio]') -- what is left to be told once it has ended
  if not spec or (ended(st) and not after) then
    redis.call('ZREM', pool, member)
  elseif st == 'PAUSED' then
    redis.call('ZADD', pool, '+inf', member)
  else
    if redis.call('HSET', run, 't:' .. slot, token) == 1 then
      redis.call('HINCRBY', run, 'busy', 1)
    end
    redis.call('ZADD', pool, now + lease_ms, member)
    local list = redis.call('LRANGE', s .. 'list:' .. id, 0, tonumber(slot) or 0)
    if not ended(st) and slot:match('^[%dc]') then move(s, id, 'RUNNING') end
    answer[#answer + 1] = { id, slot, tonumber(n or 0), ep, at, spec, unpack(list) }
  end
end
local first = redis.call('ZRANGEBYSCORE', pool, '(' .. now, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
local next_due = tonumber(first[2]) or math.huge
if next_due < 1e15 then answer[2] = next_due end
if #members < tonumber(most) then
  redis.call('SET', s .. 'idle:endpoint', string.format('%.0f', next_due), 'PX', 60000)
end
return answer
