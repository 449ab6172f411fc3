-- park: a holder's write after which nobody holds the run until it is due or something comes.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
--       2 token      of the holder's take
--       3 c          number of this write since the take
--       4 state      SLEEPING, WAITING, BACKING_OFF, BLOCKED_BY_FLOW or QUEUED
--       5 at         when it is looked at again, ms since the epoch; inf: when something comes
--       6 awaited    fields that end the wait, separated by line feeds
--       7… write     see record.lua
-- RETURNS {'PARKED', now, {}}
--         {'GO_ON', now, {field, value, …}}  recorded, and an awaited field is there: go on
--         {'AGAIN', now, {…}}  applied by an earlier sending
--         {'FENCED', now}      nothing was recorded: drop the run
-- COST  O(entries + log runs)

local s = KEYS[1]
local id, token, c, state, at, awaited = unpack(ARGV, 1, 6)
local run = s .. 'run:' .. id

local no = held(s, id, token, tonumber(c), 7)
if no == 'AGAIN' then return { no, now, entries(7) } end
if no then return { no, now } end
local found = record(s, id, tonumber(c), 7)
for field in awaited:gmatch('[^\n]+') do
  local value = redis.call('HGET', run, field)
  if value and value ~= '' then found[#found + 1], found[#found + 2] = field, value end
end
local paused = stands.pz
if paused then redis.call('HDEL', run, 'pz') end
if #found > 0 and not paused then return { 'GO_ON', now, found } end
local to = paused and 'PAUSED' or state
redis.call('HSET', run, 'st', to)
indexed(s, id, 'RUNNING', to, stands.at)
changed(s, { 'm', id .. ' ' .. to .. ' ' .. stands.wf })
look(s, id, paused and 'inf' or at, stands.pool)
return { 'PARKED', now, {} }
