-- finish: a holder's last write: the run has ended.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 id         of the run
--       2 token      of the holder's take
--       3 c          number of this write since the take
--       4 state      SUCCEEDED or FAILED
--       5 keep_ms    how long the run is kept
--       6 tail_ms    how long the end of its channel is remembered
--       7… write     see record.lua
-- RETURNS {'RECORDED', now, {}} | {'AGAIN', now, {}} | {'FENCED', now}
-- COST  O(entries + log runs)

local s = KEYS[1]
local id, token, c, state, keep_ms, tail_ms = unpack(ARGV, 1, 6)

local no = held(s, id, token, tonumber(c), 7)
if no then return { no, now, {} } end
if tonumber(stands.owed or 0) == 0 then stands.tail_ms = tail_ms end -- see keep.lua
record(s, id, tonumber(c), 7, { 'st', state, 'end', now })
indexed(s, id, 'RUNNING', state, stands.at)
changed(s, { 'm', id .. ' ' .. state .. ' ' .. stands.wf })
keep(s, id, keep_ms, tail_ms, stands)
return { 'RECORDED', now, {} }
