-- image: a function of take.lua.
--
--   image(s, id)  the run as it is answered, without fields if large, to be read in pages; and by
--                 name what the lease needs to know

local known = { 'st', 'e', 'tk', 'rec', 'pz', 'at', 'wf' }

local function image(s, id)
  local run, bytes, has = s .. 'run:' .. id, 0, {}
  local fields = redis.call('HLEN', run) <= 96 and redis.call('HGETALL', run) or {}
  for i = 1, #fields, 2 do
    has[fields[i]] = fields[i + 1]
    bytes = bytes + #fields[i] + #fields[i + 1]
  end
  if #fields > 0 and bytes <= 32768 then return fields, has end
  for i, value in ipairs(redis.call('HMGET', run, unpack(known))) do has[known[i]] = value end
  return {}, has
end
