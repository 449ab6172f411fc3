-- release: gives a slot of a key back, or leaves its queue. Sent again it changes nothing.
--
-- KEYS  1 space      what every key of the flow key's partition begins with
-- ARGV  1 key        that runs share limits by
--       2 run        who had the slot
--       3 epoch      of the run when it let go
--       4 parallel   slots of the key; 0 for any number
-- RETURNS {run…}  that are next, as many as there are free slots
-- COST  O(log runs of the key + log keys in use)

local s = KEYS[1]
local key, run, epoch, parallel = unpack(ARGV)
local active, queue = s .. 'flow:active:' .. key, s .. 'flow:queue:' .. key

redis.call('ZREM', queue, run)
local held = redis.call('ZSCORE', active, run)
if held and tonumber(held) <= tonumber(epoch) then redis.call('ZREM', active, run) end
local before = redis.call('GET', s .. 'flow:released:' .. run) -- a lost node comes late
local last = string.format('%.0f', math.max(tonumber(before or 0), tonumber(epoch)))
redis.call('SET', s .. 'flow:released:' .. run, last, 'PX', 3600000)
if redis.call('EXISTS', active, queue) == 0 then redis.call('ZREM', s .. 'flow:keys', key) end
if parallel == '0' then return {} end
local free = parallel - redis.call('ZCARD', active)
return free > 0 and redis.call('ZRANGE', queue, 0, free - 1) or {}
