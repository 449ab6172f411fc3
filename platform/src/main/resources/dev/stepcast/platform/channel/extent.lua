-- extent: how many events are kept of a run's channel.
--
-- KEYS  1 run        hash of the run                             sc:{7}:run:wfr_x
--       2 ch         older parts of its log                      sc:{7}:ch:wfr_x
-- RETURNS how many
-- COST  O(bytes of what is kept)

local function count(log) return select(2, log:gsub('\30', '')) end

local events = count(redis.call('HGET', KEYS[1], 'log') or '')
for _, log in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do events = events + count(log) end
return events
