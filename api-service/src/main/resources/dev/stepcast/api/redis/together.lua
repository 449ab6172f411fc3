-- together: carries out a program's commands with nothing in between. One that fails does not stop
-- the others, as in EXEC.
--
-- KEYS  1 space      what every key of programs begins with         sc:{app}:k:
--       2… keys      those that the commands name
-- ARGV  1… commands  for each: how many words, then the words
-- RETURNS {answer…}  one per command, an error where it failed
-- COST  that of the commands

local answers, at = {}, 1
while at <= #ARGV do
  local words = tonumber(ARGV[at])
  local answer = redis.pcall(unpack(ARGV, at + 1, at + words))
  if type(answer) == 'table' and answer.err then answer = { err = answer.err } end
  answers[#answers + 1] = answer
  at = at + 1 + words
end
return answers
