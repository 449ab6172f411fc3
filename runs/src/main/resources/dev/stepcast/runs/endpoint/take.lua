-- take: leases due deliveries to a node. Sent again after a lost reply it finds none of them: they
-- are due again when their leases end. Of a run that has ended, only what is left to be told is
-- delivered; a delivery that was under way then is answered with -1 attempts, to be closed.
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
  local at = slot or ''
  local st, spec, n, ep, made, t, busy = unpack(redis.call('HMGET', run, 'st', 'd:' .. at,
    'n:' .. at, 'ep', 'at', 't:' .. at, 'busy'))
  local over = ended(st) and not at:match('^[fio]')
  local step = spec and spec:match('"next":(%d+)')
  if not spec or (over and not t) then
    redis.call('ZREM', pool, member)
  elseif t and step and not over and done(s, id, at, step) then -- a lost node's, and closed now
  elseif st == 'PAUSED' then
    redis.call('ZADD', pool, '+inf', member)
  else
    answer[#answer + 1] = lease(s, id, slot, { st = st, spec = spec, n = n, ep = ep, made = made,
      t = t, busy = busy }, token, lease_ms, 0)
  end
end
local first = redis.call('ZRANGEBYSCORE', pool, '(' .. now, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
local next_due = tonumber(first[2]) or math.huge
if next_due < 1e15 then answer[2] = next_due end
if #members < tonumber(most) then
  redis.call('SET', s .. 'idle:endpoint', string.format('%.0f', next_due), 'PX', 60000)
end
return answer
