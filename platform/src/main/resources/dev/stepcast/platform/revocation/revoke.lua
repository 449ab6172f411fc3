-- revoke: the function that takes a subject's right to a channel away, in the step that put them
-- out: it is remembered for those who connect later, and rung for those who listen now.
--
--   stream     names the channel to ring                        sc:{7}:ch:room_lobby
--   revoked    subjects without a right to the channel          sc:{7}:revoked:room_lobby
--   subject    whose right                                      mem_x
--   keep_ms    at least as long as the subject's grants live    > 0
-- RETURNS nothing
-- COST    O(listening nodes)

local function revoke(stream, revoked, subject, keep_ms)
  redis.call('SADD', revoked, subject)
  if redis.call('PTTL', revoked) < keep_ms then redis.call('PEXPIRE', revoked, keep_ms) end
  redis.call('PUBLISH', stream, '- ' .. subject)
end

