-- record: functions of the scripts in which a holder writes; ARGV[from…] is the write: a count of
-- fields, that many pairs of field and value, then pairs of event and data. j:… is an entry of the
-- journal: written once; what is there already is answered, and then no event is told: the one that
-- stands was. b:… goes to the run's large values.
--
--   record(s, id, c, from)  applies the write; what was there before
--   entries(s, id, from)    what the journal says where the write has entries

local function record(s, id, c, from)
  local run, found, last = s .. 'run:' .. id, {}, from + 2 * ARGV[from]
  for i = from + 1, last, 2 do
    local field, value = ARGV[i], closed(ARGV[i + 1])
    local kind = field:sub(1, 2)
    if kind == 'b:' then redis.call('HSETNX', s .. 'blob:' .. id, field:sub(3), value)
    elseif kind ~= 'j:' then redis.call('HSET', run, field, value)
    elseif redis.call('HSETNX', run, field, value) == 0 then
      found[#found + 1], found[#found + 2] = field, redis.call('HGET', run, field)
    end
  end
  for i = last + 1, #found == 0 and #ARGV or 0, 2 do
    append(s .. 'ch:' .. id, s .. 'tail:' .. id, ARGV[i], closed(ARGV[i + 1]), '0', '0', '0')
  end
  redis.call('HSET', run, 'c', c)
  return found
end

local function entries(s, id, from)
  local found = {}
  for i = from + 1, from + 2 * ARGV[from], 2 do
    local value = ARGV[i]:sub(1, 2) == 'j:' and redis.call('HGET', s .. 'run:' .. id, ARGV[i])
    if value then found[#found + 1], found[#found + 2] = ARGV[i], value end
  end
  return found
end
