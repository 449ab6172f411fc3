-- post: functions of the scripts that add to a run's list of messages, after slots.lua.
--
--   post(s, id, message, spec, at, set)  appends a message and opens its delivery. While another
--                                   one of the run is under way it is held, 200 ms at most, so
--                                   that the endpoint is done with one before the next comes.
--                                   set: names and values that the run gets as well
--   tell(s, id, field, entry, large, event, data, till)  writes what the timeline and listeners
--                                   see; an empty field or event is left out. What the delivery
--                                   took stands where a step's times are left at 0
-- RETURNS nothing by itself
-- COST  O(log runs)

local function post(s, id, message, spec, at, set)
  local run = s .. 'run:' .. id
  local slot = redis.call('RPUSH', s .. 'list:' .. id, message) - 1
  local busy, hold, opened = unpack(redis.call('HMGET', run, 'busy', 'hold', 'open'))
  set = set or {}
  local function put(name, value) set[#set + 1], set[#set + 2] = name, value end
  if at <= now and tonumber(busy or 0) > 0 then
    at = now + 200
    put('hold', (hold or '') .. ' ' .. slot)
  end
  put('d:' .. slot, spec)
  put('open', (opened or 0) + 1)
  redis.call('HSET', run, unpack(set))
  due(s, id, slot, at)
end

local function tell(s, id, field, entry, large, event, data, till)
  if field == '' and event == '' then return end
  local run = s .. 'run:' .. id
  local since, rd = unpack(redis.call('HMGET', run, 'f:' .. field:sub(3), 'rd'))
  local from, attempt = (since or ''):match('^(%d+) (%d+)$')
  local took = string.format('%.0f', now - (from or now))
  local real = '"attempt":' .. (attempt or 1) .. ',"tookMs":' .. took
  entry = entry:gsub('"attempt":1,"tookMs":0', real, 1)
  data = data:gsub('"attempt":1,"tookMs":0', real, 1)
  entry = entry:gsub('"u":0', '"u":' .. (till or 0), 1)
  data = data:gsub('"until":0', '"until":' .. (till or 0), 1)
  if rd and rd:find('body', 1, true) then
    entry = entry:gsub('^(.-"tookMs":%d+,"result":).*(,"w":"endpoint",.-)$', '%1"REDACTED"%2', 1)
    data = data:gsub('^(.-"tookMs":%d+,"result":).*,"at":$', '%1"REDACTED","at":', 1)
    data, large = data:gsub('^{"result":.*,"at":$', '{"result":"REDACTED","at":', 1), ''
  end
  entry = closed(entry)
  local short = field:sub(1, 2) == 'j:' and restated(data, field, entry) or nil
  if field ~= '' and redis.call('HSETNX', run, field, entry) == 0 then short = nil end
  if large ~= '' then redis.call('HSETNX', s .. 'blob:' .. id, field, large) end
  if event ~= '' then store(s .. 'ch:' .. id, run, event, data, short) end
end
