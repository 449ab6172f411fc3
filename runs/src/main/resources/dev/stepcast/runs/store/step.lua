-- step: a holder's write that lets the run go on: entries, notes about attempts, events.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
--       2 token      of the holder's take
--       3 c          number of this write since the take
--       4… write     see record.lua
-- RETURNS {'RECORDED', now, {field, value, …}}  entries that were there before and stand
--         {'PAUSED', now, {…}}  recorded, and somebody paused the run: drop it
--         {'AGAIN', now, {…}}   recorded by an earlier sending; what the journal says
--         {'FENCED', now}       nothing was recorded: drop the run
-- COST  O(entries); never touches the run's score

local s = KEYS[1]
local id, token, c = ARGV[1], ARGV[2], tonumber(ARGV[3])

local no = held(s, id, token, c, 4)
if no == 'AGAIN' then return { no, now, entries(4) } end
if no then return { no, now } end
local found = record(s, id, c, 4)
if not stands.pz then return { 'RECORDED', now, found } end
redis.call('HDEL', s .. 'run:' .. id, 'pz')
enter(s, id, 'PAUSED')
look(s, id, 'inf')
return { 'PAUSED', now, found }
