-- agree: holds a process' facts against the deployment's; the first process makes them.
--
-- KEYS  1 facts        what all processes share                 sc:{deployment}:facts
-- ARGV  1 partitions   slots that names are spread over         16
--       2 secret       signs grants where none is configured    hex:…
-- RETURNS {'AGREED', the deployment's secret} | {'DISAGREED', the deployment's partitions}
-- COST  O(1)

local facts = KEYS[1]
local partitions, secret = ARGV[1], ARGV[2]

redis.call('HSETNX', facts, 'partitions', partitions)
redis.call('HSETNX', facts, 'secret', secret)
local agreed = redis.call('HGET', facts, 'partitions')
if agreed ~= partitions then return { 'DISAGREED', agreed } end
return { 'AGREED', redis.call('HGET', facts, 'secret') }
