-- release: gives a slot of a key back, or leaves its queue; what is free then is set aside for the
-- first of the queue. Sent again it changes nothing, and names the same.
--
-- KEYS  1 space      what every key of the flow key's partition begins with
-- ARGV  1 key        that runs share limits by
--       2 run        who had the slot
--       3 epoch      of the run when it let go; -1: it takes none, should one be set aside for it
--       4 parallel   slots of the key; 0 for any number
-- RETURNS {run…}  that have a slot now and are to be told
-- COST  O(log runs of the key + log keys in use)

local s = KEYS[1]
local key, run, epoch, parallel = unpack(ARGV)
local active, queue = s .. 'flow:active:' .. key, s .. 'flow:queue:' .. key
local released, own = s .. 'flow:released:' .. run, '\n' .. key .. '\n'

local before = epoch ~= '-1' and redis.call('GET', released)
local last, named = (before or ''):match('^(%d+)(.*)$')
if last and named:sub(1, #own) == own and tonumber(last) >= tonumber(epoch) then
  local same = {} -- sent again, or by a lost node
  for one in named:sub(#own):gmatch('[^\n]+') do same[#same + 1] = one end
  return last == epoch and same or {}
end
local held = tonumber(redis.call('ZSCORE', active, run) or '')
if not held then redis.call('ZREM', queue, run)
elseif held < 0 or held <= tonumber(epoch) then redis.call('ZREM', active, run) end
local used = redis.call('ZCARD', active)
local first = parallel == '0' and {} or aside(active, queue, parallel - used)
if epoch ~= '-1' then
  local most = string.format('%.0f', math.max(tonumber(last or 0), tonumber(epoch)))
  redis.call('SET', released, most .. own .. table.concat(first, '\n'), 'PX', 3600000)
end
if used + #first == 0 and redis.call('EXISTS', queue) == 0 then
  redis.call('ZREM', s .. 'flow:keys', key)
end
return first
