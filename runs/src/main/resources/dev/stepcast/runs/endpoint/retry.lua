-- retry: a delivery failed and is tried again later.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run or message
--       2 slot       of the delivery
--       3 token      of the take
--       4 delay_ms   until the next attempt
--       5 error      what happened, as JSON
--       6 path       of the step that failed; empty: nobody knows
--       7 step       a note about it as far as the brackets of its attempts
--       8 attempt    this attempt, as JSON
--       9 event      workflow.stepFail, up to when the next attempt is due; empty: none
-- RETURNS {'LATER'} | {'FENCED'}
-- COST  O(attempts of the step + log runs)

local s = KEYS[1]
local id, slot, token, delay_ms, error, path, step, attempt, event = unpack(ARGV)

local run = s .. 'run:' .. id
if redis.call('HGET', run, 't:' .. slot) ~= token then return { 'FENCED' } end
free(s, id, slot)
redis.call('HINCRBY', run, 'n:' .. slot, 1)
redis.call('RPUSH', s .. 'errors:' .. id, slot .. ' ' .. error)
redis.call('PEXPIRE', s .. 'errors:' .. id, 604800000)
local at = string.format('%.0f', now + delay_ms)
due(s, id, slot, at)
note(s, id, 'ERROR', { 'error', error })
note(s, id, 'RETRY', { 'due', at })
if path ~= '' then
  local before = (redis.call('HGET', run, 'a:' .. path) or ''):match('"s":%[(.*)%],"u":')
  before = before and #before < 16384 and before .. ',' or ''
  redis.call('HSET', run, 'a:' .. path, step .. before .. attempt .. '],"u":' .. at .. '}')
end
if event ~= '' then tell(s, id, '', '', '', 'workflow.stepFail', event .. at .. ',"at":') end
local st, busy = unpack(redis.call('HMGET', run, 'st', 'busy'))
if not ended(st) and tonumber(busy or 0) == 0 then move(s, id, 'BACKING_OFF') end
return { 'LATER' }
