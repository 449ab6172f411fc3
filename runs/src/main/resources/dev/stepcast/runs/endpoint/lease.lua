-- lease: a function of take.lua and settle.lua, after due.lua.
--
--   lease(s, id, slot, is, token, lease_ms, has)  a delivery is a node's until its lease ends. is:
--                            how it and its run stand; has: messages that the node knows. Answers
--                            what the node needs: where it knows some, only what it does not
-- RETURNS nothing by itself
-- COST  O(messages that the node does not know + log runs)

local function lease(s, id, slot, is, token, lease_ms, has)
  local over = ended(is.st) and not slot:match('^[fio]')
  local step = is.spec:match('"next":(%d+)')
  local set = { 't:' .. slot, token }
  local function put(name, value) set[#set + 1], set[#set + 2] = name, value end
  if step then put('f:' .. step, now .. ' ' .. (is.n or 0) + 1) end
  if not is.t then put('busy', (is.busy or 0) + 1) end
  if has > 0 then put('heir', slot) end
  redis.call('HSET', s .. 'run:' .. id, unpack(set))
  redis.call('ZADD', s .. 'due:endpoint', now + lease_ms, id .. '#' .. slot)
  local list = over and {} or redis.call('LRANGE', s .. 'list:' .. id, has, tonumber(slot) or 0)
  if not ended(is.st) and slot:match('^[%dc]') then move(s, id, 'RUNNING', is.st) end
  if slot == '0' then note(s, id, 'ACTIVE') end
  return { id, slot, over and -1 or tonumber(is.n or 0), has > 0 and '' or is.ep, is.made, is.spec,
    unpack(list) }
end
