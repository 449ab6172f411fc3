-- entries: a function of recall.lua.
--
--   entries(log, wanted)  the events of a log, in order, of which wanted(ms, seq) says so: id, id
--                         of the one before, name, data as it is stored, ms
-- COST  O(events)

local function entries(log, wanted)
  local begin, seq = log:match('^(%d+)%-?(%d*)')
  local some, prev = {}, seq == '' and '0-0' or begin .. '-' .. seq
  for after, n, name, data in log:gmatch('\30(%d+)%-?(%d*)([ .][^\29]*)\29([^\30]*)') do
    local ms = begin + after
    n = tonumber(n) or 0
    local id = string.format('%.0f-%d', ms, n)
    if wanted(ms, n) then
      some[#some + 1] = { id, prev, name:gsub('^%.', ' workflow.'):sub(2), data, ms }
    end
    prev = id
  end
  return some
end
