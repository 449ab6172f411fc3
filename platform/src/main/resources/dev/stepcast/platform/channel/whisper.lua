-- whisper: the function that tells those who listen right now, and nobody later: typing, presence.
-- It has no id, is not stored, and touches no position. Put in front of scripts that whisper.
--
--   stream     names the channel to ring                        sc:{7}:ch:room_lobby
--   event      name                                             chat.typing
--   data       JSON, passed through unread
-- RETURNS nothing
-- COST    O(listening nodes)

local function whisper(stream, event, data)
  redis.call('PUBLISH', stream, '! ' .. event .. ' ' .. data)
end

