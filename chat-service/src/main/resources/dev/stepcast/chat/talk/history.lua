-- history: a page of a room's events, for members.
--
-- KEYS  1 room       its facts                                  sc:{7}:room:room_x
--       2 stream     its channel                                sc:{7}:ch:room_x
--       3 spent      its buckets                                sc:{7}:room:room_x:spent
-- ARGV  1 member     who asks                                   mem_x
--       2 command    XRANGE: forward; XREVRANGE: backward
--       3 from       first id, in the command's form            (1795-0  or  -  or  +
--       4 count_max  messages answered at most                  > 0
--       5 most       of a seat at once                          '0': no limit
--       6 refill_ms  until the next one
-- RETURNS {'OK', '1' when there are more, {id, event, data, id, event, data, …}}
--         | {'TOO_OFTEN', ms} | {'NO_SEAT'} | {'UNKNOWN'} | {'GONE', why}
-- COST  O(entries read); what is no message is read and left out

local room, stream, spent = KEYS[1], KEYS[2], KEYS[3]
local member, command, from, count_max, most, refill_ms = unpack(ARGV)

local refusal, now, left_ms, alias = enter(room, member)
if refusal then return refusal end
if not alias then return { 'NO_SEAT' } end
local wait = pace(room, spent, 'history', member, now, left_ms, most, refill_ms)
if wait then return wait end
local to, few = command == 'XRANGE' and '+' or '-', tonumber(count_max) + 1
local page = {}
repeat
  local entries = redis.call(command, stream, from, to, 'COUNT', few)
  for _, entry in ipairs(entries) do
    local event = entry[2][2]
    if event == 'chat.message' or event == 'chat.edit' then
      if #page == 3 * count_max then return { 'OK', '1', page } end
      page[#page + 1], page[#page + 2], page[#page + 3] = entry[1], event, entry[2][4]
    end
    from = '(' .. entry[1]
  end
until #entries < few
return { 'OK', '0', page }
