-- hint: whispers one event on a channel.
--
-- KEYS  1 stream     names the channel to ring                  sc:{7}:ch:room_lobby
-- ARGV  1 event      name                                       chat.typing
--       2 data       JSON, passed through unread
-- RETURNS {'TOLD'}
-- COST  O(listening nodes)

whisper(KEYS[1], ARGV[1], ARGV[2])
return { 'TOLD' }
