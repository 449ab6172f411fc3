-- trim: takes runs that are forgotten out of an index; of labels nobody has any longer, the index.
--
-- KEYS  1 space      what every key of the partition begins with    sc:{7}:
-- ARGV  1 name       of the index                                   all  label:<label>
--       2 after      looks at what was created after that; -inf or (<ms>
--       3 young_ms   and at least that long ago
--       4 most       entries looked at
-- RETURNS {taken out, looked at, ms of the last one or ''}
-- COST  O(entries looked at, log runs)

local s = KEYS[1]
local name, after, young_ms, most = unpack(ARGV)

local time = redis.call('TIME')
local before = time[1] * 1000 + math.floor(time[2] / 1000) - young_ms
local idx, gone = s .. 'idx:' .. name, 0
local some = redis.call('ZRANGEBYSCORE', idx, after, before, 'WITHSCORES', 'LIMIT', 0, most)
for i = 1, #some, 2 do
  if redis.call('EXISTS', s .. 'run:' .. some[i]) == 0 then
    redis.call('ZREM', idx, some[i])
    gone = gone + 1
  end
end
local label = name:match('^label:(.*)$')
if label and redis.call('EXISTS', idx) == 0 then redis.call('ZREM', s .. 'labels', label)
elseif label then redis.call('ZADD', s .. 'labels', 'XX', before + young_ms, label) end
return { gone, #some / 2, some[#some] or '' }
