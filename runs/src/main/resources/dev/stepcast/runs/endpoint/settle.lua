-- settle: a delivery is done. What follows from it (a callback) opens in the same step. Where it
-- held back the one that comes next, its node may have that one at once.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run or message
--       2 slot       of the delivery
--       3 token      of the take
--       4 state      of a message that is done; empty for a run
--       5 keep_ms    how long that message is kept
--       6 heir       token under which the next is the node's; empty: it wants none
--       7 lease_ms   how long that is the node's without a renewal
--       8… slots     slot and spec of each delivery that follows
-- RETURNS {'SETTLED', open} | {'SETTLED', open, now, next}  deliveries and waits that the run still
--         has; next as take.lua answers it | {'FENCED'}. Sent again it answers the same
-- COST  O(log runs)

local s = KEYS[1]
local id, slot, token, state, keep_ms, heir, lease_ms = unpack(ARGV, 1, 7)

local run = s .. 'run:' .. id
local has = slot:match('^%d+$') and slot + 1 or 0

local function inherit(answer, next, t)
  local spec, ep, made, busy = unpack(redis.call('HMGET', run, 'd:' .. next, 'ep', 'at', 'busy'))
  local is = { st = 'RUNNING', spec = spec, ep = ep, made = made, t = t, busy = busy }
  local from = next ~= '00' and tonumber(next) >= has and has or 0
  answer[3], answer[4] = now, lease(s, id, next, is, heir, lease_ms, from)
  return answer
end

local st, held, spec, left, before = unpack(redis.call('HMGET', run, 'st', 't:' .. slot,
  'd:' .. slot, 'open', 'heir'))
if held ~= token then -- another's now; or it was done before, and the answer lost
  if spec or not left or ended(st) then return { 'FENCED' } end
  local same = heir ~= '' and before and redis.call('HGET', run, 't:' .. before) == heir
  return same and inherit({ 'SETTLED', tonumber(left) }, before, heir)
    or { 'SETTLED', tonumber(left) }
end
for i = 8, #ARGV, 2 do open(s, id, ARGV[i], ARGV[i + 1], now) end
local next
left, next = shut(s, id, slot, st == 'RUNNING' and heir ~= '' and has > 0)
if ended(st) then return { 'SETTLED', 1 } end
if next then return inherit({ 'SETTLED', left }, next) end
if state ~= '' then
  redis.call('HSET', run, 'st', state, 'end', now)
  note(s, id, 'DELIVERED')
  leave(s, id, keep_ms)
elseif st == 'RUNNING' and left > 0 then
  local rest, busy = unpack(redis.call('HMGET', run, 'rest', 'busy'))
  if tonumber(busy or 0) == 0 then move(s, id, rest or 'QUEUED', st) end
end
return { 'SETTLED', left }
