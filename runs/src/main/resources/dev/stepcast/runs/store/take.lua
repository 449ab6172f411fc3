-- take: leases due runs to a node, each under a token of its own. Sent again with the same number
-- it answers the same runs.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 pool       whose runs                                     java
--       2 most       runs leased at most                            > 0
--       3 nonce      of the node's process
--       4 number     of this take, within the process; grows
--       5 lease_ms   how long a run is the node's without a renewal
-- RETURNS {now, next due ms or -1, {id, token, recoveries, whole 1|0, {field, value, …}}…}
-- COST  O(runs answered and their small journals)

local s = KEYS[1]
local pool, most, nonce, number, lease_ms = unpack(ARGV)
local due, took, holder = s .. 'due:' .. pool, s .. 'took:' .. nonce, nonce .. ':' .. number

local ids, answer, taken = redis.call('ZRANGEBYSCORE', due, '-inf', now, 'LIMIT', 0, most), {}, {}
local before = redis.call('GET', took)
local last = tonumber(before and before:match('^%d+') or -1)
if last > tonumber(number) then return { now, -1 } end -- a late duplicate: nobody reads the answer
local again = last == tonumber(number)
if again then ids = {} end
for id in (again and before or ''):gmatch('\n([^\n]+)') do ids[#ids + 1] = id end
local scores, words = {}, {}
for _, id in ipairs(ids) do
  local fields, has = image(s, id)
  local token = lease(s, id, fields, has, holder, again, words)
  if token then
    scores[#scores + 1], scores[#scores + 2] = now + lease_ms, id
    answer[#answer + 1] = { id, token, #fields > 0 and 1 or 0, fields }
    taken[#taken + 1] = id
  end
end
if #scores > 0 then redis.call('ZADD', due, unpack(scores)) end
if #words > 0 then changed(s, words) end
redis.call('SET', took, number .. '\n' .. table.concat(taken, '\n'), 'PX', 60000)
local next_due = math.huge
if #ids < tonumber(most) then
  local first = redis.call('ZRANGEBYSCORE', due, '(' .. now, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
  next_due = tonumber(first[2]) or math.huge
  redis.call('SET', s .. 'idle:' .. pool, string.format('%.0f', next_due), 'PX', 60000)
end
return { now, next_due < 1e15 and next_due or -1, unpack(answer) }
