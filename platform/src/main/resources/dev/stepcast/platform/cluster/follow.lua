-- follow: the changes after a position, if the position is one of this history.
--
-- KEYS  1 head       version and mark of the last change        sc:{cluster}:head
--       2 log        the last changes                           sc:{cluster}:log
-- ARGV  1 version    of the position
--       2 mark       of the position
--       3 count_max  changes answered at most                   > 0
-- RETURNS {'CHANGES', {id, {mark, m, kind, k, node, n, seq, s, text, t}}…}
--       | {'TRIMMED'}: too long ago   | {'BROKEN'}: this Redis has another past
-- COST  O(changes answered)

local head, log = KEYS[1], KEYS[2]
local version, mark, count_max = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])

local now = tonumber(redis.call('HGET', head, 'version') or '0')
if now < version then return { 'BROKEN' } end
if now == version and redis.call('HGET', head, 'mark') == mark then return { 'CHANGES', {} } end
local page = redis.call('XRANGE', log, version .. '-1', '+', 'COUNT', count_max + 1)
if #page == 0 or page[1][1] ~= version .. '-1' then return { 'TRIMMED' } end
if page[1][2][2] ~= mark then return { 'BROKEN' } end
table.remove(page, 1)
return { 'CHANGES', page }
