-- record: functions of the scripts in which a holder writes; ARGV[from…] is the write: a count
-- of fields, that many pairs of field and value, then pairs of event and data. j:… is an entry of
-- the journal: written once; what is there already is answered, and then no event is told: the one
-- that stands was. b:… goes to the run's large values. What an entry or the run's result says is
-- stored there, and not with the event again.
--
--   record(s, id, c, from, sets)  applies the write, and more fields; what was there before
--   entries(from)                 what the journal says where the write has entries

local function record(s, id, c, from, sets)
  local found, rings, last, never = {}, {}, from + 2 * ARGV[from], {}
  sets = sets or {}
  for i = from + 1, last, 2 do
    local field, value = ARGV[i], closed(ARGV[i + 1])
    local kind = field:sub(1, 2)
    if kind == 'b:' then redis.call('HSETNX', s .. 'blob:' .. id, field:sub(3), value)
    elseif kind == 'j:' and stands[field] then
      found[#found + 1], found[#found + 2] = field, stands[field]
    else
      sets[#sets + 1], sets[#sets + 2] = field, value
      stands[field] = value
      if kind == 'j:' or field == 'out' then never[#never + 1] = field end
    end
  end
  for i = last + 1, #found == 0 and #ARGV or 0, 2 do
    local short
    for _, field in ipairs(never) do
      short = short or restated(ARGV[i + 1], field, stands[field])
    end
    stands.log, rings[#rings + 1] = told(s .. 'ch:' .. id, stands.log, now, ARGV[i], ARGV[i + 1],
      short)
  end
  if #rings > 0 then sets[#sets + 1], sets[#sets + 2] = 'log', stands.log end
  redis.call('HSET', s .. 'run:' .. id, 'c', c, unpack(sets))
  for _, ring in ipairs(rings) do redis.call('PUBLISH', s .. 'ch:' .. id, ring) end
  return found
end

local function entries(from)
  local found = {}
  for i = from + 1, from + 2 * ARGV[from], 2 do
    local value = ARGV[i]:sub(1, 2) == 'j:' and stands[ARGV[i]]
    if value then found[#found + 1], found[#found + 2] = ARGV[i], value end
  end
  return found
end
