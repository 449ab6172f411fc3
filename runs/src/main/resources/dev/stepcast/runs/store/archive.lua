-- archive: a function of trigger.lua, after relabel.lua.
--
--   archive(s, id, old, same)  whether the run of that id gives it up: it has ended and told
--                              everybody, and same (the request is the one that made it) does not
--                              come within a minute, as from a client that heard nothing. From
--                              then on it is known as old; '' is for ids that are used once.
--                              Answers what the run that gets the id has from it, nil where none
--                              does: epochs go on, and a generation tells the two apart; and
--                              how its log begins, as events go on

local function archive(s, id, old, same)
  local run = s .. 'run:' .. id
  local st, over, keep, e, g, log = unpack(redis.call('HMGET', run, 'st', 'end', 'keep', 'e', 'g',
    'log'))
  if old == '' or not ended(st) or keep or same and now - over < 60000 then return nil end
  for _, kind in ipairs({ 'run:', 'blob:', 'ch:' }) do
    if redis.call('EXISTS', s .. kind .. id) == 1 then
      redis.call('RENAME', s .. kind .. id, s .. kind .. old)
    end
  end
  relabel(s, id, old)
  return { 'e', e or 0, 'g', (g or 0) + 1 }, string.format('%.0f-%d', last(log))
end
