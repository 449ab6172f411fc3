-- read: a page of a channel's history and its tail, as one consistent answer.
--
-- KEYS  1 stream     the channel's history                      sc:{7}:ch:room_lobby
--       2 tail       its last id                                sc:{7}:tail:room_lobby
-- ARGV  1 from       first id, XRANGE form                      (1795-0  or  1795-0
--       2 count_max  entries answered at most                   > 0
--       3 bytes_max  ends the page once its data passed this    > 0
-- RETURNS {tail, {id, prev, event, data, id, prev, event, data, …}}
-- COST  O(entries answered)

local stream, tail = KEYS[1], KEYS[2]
local from, count_max, bytes_max = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local page, bytes, left = {}, 0, count_max
while left > 0 and bytes < bytes_max do
  local few = math.min(left, 64) -- entries may be large: never fetch many more than fit
  local entries = redis.call('XRANGE', stream, from, '+', 'COUNT', few)
  for _, entry in ipairs(entries) do
    if bytes >= bytes_max then break end
    local fields = entry[2] -- event, data, prev: append writes them in this order
    page[#page + 1], page[#page + 2] = entry[1], fields[6]
    page[#page + 1], page[#page + 2] = fields[2], fields[4]
    bytes = bytes + #fields[4]
    from = '(' .. entry[1]
  end
  left = #entries < few and 0 or left - few
end
return { redis.call('GET', tail) or '0-0', page }
