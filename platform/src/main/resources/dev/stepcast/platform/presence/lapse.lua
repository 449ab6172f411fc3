-- lapse: the function that ends leases of presence that have run out, and tells who has left by
-- that. Put in front of every script about presence, so that what is answered is never stale.
--
--   ring       names the channel to ring                        sc:{7}:ch:room_lobby
--   leases     sorted set: "<node> <subject>" by its end        sc:{7}:leases:room_lobby
--   members    hash: subject to "<since> <leases>"; the empty   sc:{7}:members:room_lobby
--              field is the version, which grows with each join and leave
--   now        Redis' clock in ms
-- RETURNS nothing
-- COST    O(leases that ran out)

local function told(ring, members, event, subject, since, now)
  local prev = redis.call('HGET', members, '') or '0'
  local version = string.format('%.0f', math.max(now, tonumber(prev) + 1))
  redis.call('HSET', members, '', version)
  redis.call('PUBLISH', ring, '! ' .. event .. ' {"id":' .. cjson.encode(subject) .. ',"sinceAt":'
    .. since .. ',"version":' .. version .. ',"prev":' .. prev .. '}')
end

local function lapse(ring, leases, members, now)
  for _, lease in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now, 'LIMIT', 0, 1000)) do
    redis.call('ZREM', leases, lease)
    local subject = lease:sub(lease:find(' ', 1, true) + 1)
    local since, held = (redis.call('HGET', members, subject) or '0 1'):match('^(%d+) (%d+)$')
    if tonumber(held) > 1 then -- on another node
      redis.call('HSET', members, subject, since .. ' ' .. string.format('%.0f', held - 1))
    elseif redis.call('HDEL', members, subject) == 1 then
      told(ring, members, 'realtime.leave', subject, since, now)
    end
  end
  if redis.call('EXISTS', leases) == 0 then redis.call('UNLINK', members) end
end

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
