-- lease: a function of take.lua, after image.lua.
--
--   lease(s, id, fields, has, holder, again, words)  the token under which the run is leased, nil
--                                where it is not; fields and words (for the list of changes) get
--                                what that changes. A run whose holder went silent is leased again
--                                at once the first time, then after 1, 5 and 30 s: it may be what
--                                kills its holders.
--                                'owes' for an ended run that has obligations left

local delays = { 0, 1000, 5000, 30000 }

local function lease(s, id, fields, has, holder, again, words)
  local run = s .. 'run:' .. id
  if again then
    return has.st == 'RUNNING' and has.tk == has.e .. ':' .. holder and has.tk
  elseif not has.st then
    redis.call('ZREM', s .. 'due:' .. ARGV[1], id)
  elseif ended(has.st) then
    return 'owes'
  elseif has.pz then
    redis.call('HDEL', run, 'pz')
    redis.call('HSET', run, 'tk', '')
    enter(s, id, 'PAUSED')
    look(s, id, '+inf')
  else
    local e, rec = string.format('%.0f', (has.e or 0) + 1), tonumber(has.rec or 0)
    local lost = has.st == 'RUNNING' and rec + 1 or rec
    local wait = lost > rec and delays[lost] or 0
    local token = e .. ':' .. holder
    local sets = { 'e', e, 'c', '0', 'tk', wait > 0 and '' or token }
    if wait == 0 then sets[7], sets[8] = 'st', 'RUNNING' end
    if lost > rec then sets[#sets + 1], sets[#sets + 2] = 'rec', tostring(lost) end
    redis.call('HSET', run, unpack(sets))
    if wait > 0 then
      enter(s, id, 'QUEUED')
      look(s, id, now + wait)
      return nil
    end
    indexed(s, id, has.st, 'RUNNING', has.at)
    words[#words + 1], words[#words + 2] = 'm', id .. ' RUNNING ' .. has.wf
    for i = 1, #fields > 0 and #sets or 0 do fields[#fields + 1] = sets[i] end
    return token
  end
end
