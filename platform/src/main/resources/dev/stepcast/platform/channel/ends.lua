-- ends: the last ids of channels of one partition.
--
-- KEYS  1… keeper    of a run's channel its hash, of another its tail
-- RETURNS {last id, …}  0-0 where there is none, or something else in its place
-- COST  O(channels)

local ends = {}
for i, keeper in ipairs(KEYS) do
  local run = keeper:match('^[^}]*}:run:')
  local found
  if run then found = redis.pcall('HGET', keeper, 'log')
  else found = redis.pcall('GET', keeper) end
  if type(found) ~= 'string' then ends[i] = '0-0'
  else ends[i] = run and string.format('%.0f-%d', last(found)) or found end
end
return ends
