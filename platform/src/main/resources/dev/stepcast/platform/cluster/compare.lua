-- compare: sets a counter if it has the expected value.
--
-- KEYS  1 counter    a number, absent for 0                     sc:{cluster}:counter:<name>
-- ARGV  1 expected   what it must be
--       2 value      what it becomes
-- RETURNS {'SET'} | {'DIFFERS'}
-- COST  O(1)

local counter = KEYS[1]
local expected, value = ARGV[1], ARGV[2]

if (redis.call('GET', counter) or '0') ~= expected then return { 'DIFFERS' } end
redis.call('SET', counter, value)
return { 'SET' }
