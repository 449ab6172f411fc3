-- void: revokes one subject's right to a channel.
--
-- KEYS  1 stream     names the channel to ring                  sc:{7}:ch:room_lobby
--       2 revoked    subjects without a right to the channel    sc:{7}:revoked:room_lobby
-- ARGV  1 subject    whose right                                mem_x
--       2 keep_ms    at least as long as their grants live      > 0
-- RETURNS {'REVOKED'}
-- COST  O(listening nodes)

revoke(KEYS[1], KEYS[2], ARGV[1], tonumber(ARGV[2]))
return { 'REVOKED' }
