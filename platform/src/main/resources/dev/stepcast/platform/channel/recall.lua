-- recall: a page of what was told about a run, and its end, as one consistent answer.
--
-- KEYS  1 run        hash of the run                             sc:{7}:run:wfr_x
--       2 ch         older parts of its log                      sc:{7}:ch:wfr_x
-- ARGV  1 order      on or back
--       2 from       first id, XRANGE form; back: + for the end  (1795-0  or  1795-0
--       3 count_max  entries answered at most                    > 0
--       4 bytes_max  ends the page once its data passed this     > 0
-- RETURNS {last id, {id, prev, event, data, id, prev, event, data, …}}
-- COST  O(entries answered + log of entries kept)

local run, ch, back, from = KEYS[1], KEYS[2], ARGV[1] == 'back', ARGV[2]
local left, bytes = tonumber(ARGV[3]), tonumber(ARGV[4])

local log = redis.call('HGET', run, 'log')
if not log then return { '0-0', {} } end
local older, page = redis.call('LLEN', ch), {}
local function part(i) return i == older and log or redis.call('LINDEX', ch, i) end
local function value(field)
  return redis.call('HGET', run, field) or '{"truncated":true'
end

local at, n = from:match('(%d+)%-?(%d*)')
at = tonumber(at) or from == '-' and 0 or math.huge
n = tonumber(n) or back and math.huge or 0
if from:sub(1, 1) ~= '(' then n = n + (back and 1 or -1) end -- those beyond it, without itself
local i, top = 0, older -- the last part that begins before it
while i < top do
  local mid = math.ceil((i + top) / 2)
  local ms, seq = part(mid):match('^(%d+)%-(%d+)')
  ms, seq = tonumber(ms), tonumber(seq)
  if ms < at or ms == at and seq <= n then i = mid else top = mid - 1 end
end
while i >= 0 and i <= older and left > 0 and bytes > 0 do
  local some = entries(part(i), function(ms, seq)
    if back then return ms < at or ms == at and seq < n end
    return ms > at or ms == at and seq > n
  end)
  for j = back and #some or 1, back and 1 or #some, back and -1 or 1 do
    if left <= 0 or bytes <= 0 then break end
    local id, prev, event, data, ms = unpack(some[j])
    data = whole(data, ms, value)
    local k = #page
    page[k + 1], page[k + 2], page[k + 3], page[k + 4] = id, prev, event, data
    left, bytes = left - 1, bytes - #data
  end
  i = i + (back and -1 or 1)
end
return { string.format('%.0f-%d', last(log)), page }
