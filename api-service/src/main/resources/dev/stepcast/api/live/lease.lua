-- lease: one replica does a job at a time; its holder prolongs, another gets it once it ran out.
--
-- KEYS  1 lease      who does it                                sc:{workflows}:folder
-- ARGV  1 node       the asker
--       2 for_ms     how long it holds                          > 0
-- RETURNS {'HELD'} | {'OTHER'}
-- COST  O(1)

local lease = KEYS[1]
local node, for_ms = ARGV[1], ARGV[2]

local holder = redis.call('GET', lease)
if holder and holder ~= node then return { 'OTHER' } end
redis.call('SET', lease, node, 'PX', for_ms)
return { 'HELD' }
