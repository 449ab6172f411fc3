-- enter: the function that the scripts of a room begin with: is it there, and does who asks have a
-- seat? A room whose time has come is gone, whether or not anybody has told so yet.
--
--   room       the room's facts                                 sc:{7}:room:room_x
--   member     who asks; '' for nobody
-- RETURNS refusal, now, left_ms, alias. The refusal is {'UNKNOWN'} or {'GONE', why}, else nil;
--         the alias is false without a seat
-- COST    O(1)

local function enter(room, member)
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local ends, ended, alias = unpack(
    redis.call('HMGET', room, 'expiresAt', 'ended', 'alias:' .. member))
  if ended then return { 'GONE', ended } end
  if not ends then return { 'UNKNOWN' } end
  if now >= tonumber(ends) then return { 'GONE', 'expired' } end
  return nil, now, ends - now, alias
end

