-- slot: a function of facts.lua and mend.lua, after run.lua.
--
--   open_slot(s, id, st, field)  the slot of an endpoint's run or message that the field opens and
--                                that must be due. Of an ended one only what is left to be told
--                                must; a message that waits in a queue for its turn need not
-- RETURNS nothing by itself
-- COST  O(1)

local function open_slot(s, id, st, field)
  local slot = field:match('^d:(.*)$')
  if not slot or (ended(st) and not slot:match('^[fio]')) then return nil end
  local q = id:sub(1, 4) == 'msg_' and redis.call('HGET', s .. 'run:' .. id, 'q')
  if q and redis.call('ZSCORE', s .. 'queue:wait:' .. q, id) then return nil end
  return slot
end
