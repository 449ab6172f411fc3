-- finish: a holder's last write: the run has ended.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
--       2 token      of the holder's take
--       3 c          number of this write since the take
--       4 state      SUCCEEDED or FAILED
--       5 keep_ms    how long the run is kept
--       6… write     see record.lua
-- RETURNS {'RECORDED', now, {}} | {'AGAIN', now, {}} | {'FENCED', now}
-- COST  O(entries + log runs)

local s = KEYS[1]
local id, token, c, state, keep_ms = unpack(ARGV, 1, 5)

local no = held(s, id, token, tonumber(c), 6)
if no then return { no, now, {} } end
record(s, id, tonumber(c), 6, { 'st', state, 'end', now })
indexed(s, id, 'RUNNING', state, stands.at)
changed(s, { 'm', id .. ' ' .. state .. ' ' .. stands.wf })
keep(s, id, keep_ms, stands)
return { 'RECORDED', now, {} }
