-- rotate: the next key becomes the current one, and a new one the next.
--
-- KEYS  1 keys       what the deployment signs with                 sc:{signing}:keys
-- ARGV  1 base       of the configured keys; other ones begin anew
--       2 next       the configured next key
--       3 drawn      the new next key
-- RETURNS {current, next}
-- COST  O(1)

local keys = KEYS[1]
local base, next_key, drawn = unpack(ARGV)

local was, after = unpack(redis.call('HMGET', keys, 'base', 'next'))
local current = was == base and after or next_key
redis.call('HSET', keys, 'base', base, 'current', current, 'next', drawn)
return { current, drawn }
