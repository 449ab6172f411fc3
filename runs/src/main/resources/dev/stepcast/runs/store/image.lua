-- image: a function of take.lua.
--
--   image(s, id, token)  the run as it is answered; without fields if large, to be read in pages

local function image(s, id, token)
  local run, bytes = s .. 'run:' .. id, 0
  local fields = redis.call('HLEN', run) <= 96 and redis.call('HGETALL', run) or {}
  for _, text in ipairs(fields) do bytes = bytes + #text end
  if #fields > 0 and bytes <= 32768 then return { id, token, 1, fields } end
  return { id, token, 0, {} }
end
