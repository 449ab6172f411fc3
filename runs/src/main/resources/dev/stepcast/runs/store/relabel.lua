-- relabel: a function of the scripts that archive a run.
--
--   relabel(s, id, old)  the run that is known as old now, and was as id, is listed under that name
--                        wherever it was listed, at the time when it was made

local function relabel(s, id, old)
  local st, at, cf = unpack(redis.call('HMGET', s .. 'run:' .. old, 'st', 'at', 'cf'))
  local names, labels = { 'all', st }, cf and cjson.decode(cf).labels
  for _, one in ipairs(type(labels) == 'table' and labels or {}) do
    names[#names + 1] = 'label:' .. one
  end
  for _, name in ipairs(names) do
    if redis.call('ZREM', s .. 'idx:' .. name, id) == 1 then
      redis.call('ZADD', s .. 'idx:' .. name, at, old)
    end
  end
end
