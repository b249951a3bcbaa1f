/*
 * One script per verb: one round trip, one atomic step. Every time is milliseconds on the store's scale and is given by
 * the caller, so that a record's end means the same on every instance.
 *
 *   r:<kind>:<id>      "<end>⇥<tags>⇥<aliases>⏎<value>", the value as record.ts writes it: one field per line
 *   a:<kind>:<alias>   id of the record
 *   f:<tag>            sorted set: "<kind>:<id>" by end
 *   x:<tag>            the tag was revoked; end of the refusal
 *   o:<kind>:<id>      replay guard; its end
 *   b:<budget>:<key>   "<moment>:<units> …", oldest first
 *
 * The prefix of all of them holds the epoch, unless a kind is lasting; the epoch itself is without.
 */

/** Words shared by all scripts. `ARGV[1]` = key prefix, `ARGV[2]` = now. */
const words = `
local prefix, now = ARGV[1], tonumber(ARGV[2])
local function whole(number) return string.format('%.0f', number) end
local function parse(raw)
  local ends, tags, aliases, value = string.match(raw, '^(%d+)\\t([^\\t]*)\\t([^\\n]*)\\n(.*)$')
  return {ends = tonumber(ends), tags = tags, aliases = aliases, value = value}
end
local function read(member)
  local raw = redis.call('GET', prefix .. 'r:' .. member)
  return raw and parse(raw) or nil
end
local function live(member)
  local record = read(member)
  return record and record.ends > now and record or nil
end
local function revoked(tags)
  for tag in string.gmatch(tags, '%S+') do
    local ends = redis.call('GET', prefix .. 'x:' .. tag)
    if ends and tonumber(ends) > now then return true end
  end
  return false
end
local function drop(kind, id, record)
  local member = kind .. ':' .. id
  redis.call('DEL', prefix .. 'r:' .. member)
  for alias in string.gmatch(record.aliases, '%S+') do
    local key = prefix .. 'a:' .. kind .. ':' .. alias
    if redis.call('GET', key) == id then redis.call('DEL', key) end
  end
  for tag in string.gmatch(record.tags, '%S+') do redis.call('ZREM', prefix .. 'f:' .. tag, member) end
end
local function remember(kind, id, record)
  local member, ttl = kind .. ':' .. id, whole(record.ends - now)
  redis.call('SET', prefix .. 'r:' .. member,
    whole(record.ends) .. '\\t' .. record.tags .. '\\t' .. record.aliases .. '\\n' .. record.value, 'PX', ttl)
  for alias in string.gmatch(record.aliases, '%S+') do
    redis.call('SET', prefix .. 'a:' .. kind .. ':' .. alias, id, 'PX', ttl)
  end
  for name in string.gmatch(record.tags, '%S+') do
    local tag = prefix .. 'f:' .. name
    redis.call('ZREMRANGEBYSCORE', tag, '-inf', whole(now))
    redis.call('ZADD', tag, whole(record.ends), member)
    if redis.call('PTTL', tag) < tonumber(ttl) then redis.call('PEXPIRE', tag, ttl) end
  end
end
local function free(kind, id, aliases)
  if live(kind .. ':' .. id) then return false end
  for alias in string.gmatch(aliases, '%S+') do
    local holder = redis.call('GET', prefix .. 'a:' .. kind .. ':' .. alias)
    if holder and live(kind .. ':' .. holder) then return false end
  end
  return true
end
local function make(kind, id, record)
  local ended = read(kind .. ':' .. id)
  if ended then drop(kind, id, ended) end
  remember(kind, id, record)
end
local function creation(at)
  return {kind = ARGV[at], id = ARGV[at + 1], record =
    {ends = now + tonumber(ARGV[at + 2]), tags = ARGV[at + 3], aliases = ARGV[at + 4], value = ARGV[at + 5]}}
end
`;

/** ARGV 3… = a creation: kind, id, ttl, tags, aliases, value. */
const put = `${words}
local new = creation(3)
if revoked(new.record.tags) then return 'revoked' end
if not free(new.kind, new.id, new.record.aliases) then return 'exists' end
make(new.kind, new.id, new.record)
return 'created'
`;

/** ARGV 3 = kind, 4 = alias. */
const resolve = `${words}
local id = redis.call('GET', prefix .. 'a:' .. ARGV[3] .. ':' .. ARGV[4])
local record = id and live(ARGV[3] .. ':' .. id)
if not record then return nil end
return {id, record.value}
`;

/** ARGV 3 = kind, 4 = id. */
const take = `${words}
local record = live(ARGV[3] .. ':' .. ARGV[4])
if not record then return nil end
drop(ARGV[3], ARGV[4], record)
return record.value
`;

/** ARGV 3 = kind, 4 = id, 5 = ttl. */
const once = `${words}
local key = prefix .. 'o:' .. ARGV[3] .. ':' .. ARGV[4]
local ends = redis.call('GET', key)
if ends and tonumber(ends) > now then return 0 end
redis.call('SET', key, whole(now + tonumber(ARGV[5])), 'PX', ARGV[5])
return 1
`;

/**
 * Budgets. A spending is six arguments: name, key, limit, window, piece, units. Looked at first, settled afterwards, so that
 * of several all are granted or none.
 */
const budgets = `
local function look(at)
  local b = {key = prefix .. 'b:' .. ARGV[at] .. ':' .. ARGV[at + 1], limit = tonumber(ARGV[at + 2]), used = 0, log = {},
    window = tonumber(ARGV[at + 3]), piece = tonumber(ARGV[at + 4]), units = tonumber(ARGV[at + 5])}
  for moment, count in string.gmatch(redis.call('GET', b.key) or '', '(%d+):(%d+)') do
    if tonumber(moment) + b.window > now then
      b.log[#b.log + 1] = {at = tonumber(moment), units = tonumber(count)}
      b.used = b.used + tonumber(count)
    end
  end
  b.granted = b.units < 0 or b.used + b.units <= b.limit
  return b
end
local function giveBack(b)
  local log, back = b.log, math.min(b.used, -b.units)
  b.used = b.used - back
  while back > 0 do
    local taken = math.min(back, log[#log].units)
    log[#log].units, back = log[#log].units - taken, back - taken
    if log[#log].units == 0 then log[#log] = nil end
  end
end
local function settle(b)
  local log = b.log
  if b.units == 0 then return end
  if b.units < 0 then
    giveBack(b)
    if #log == 0 then return redis.call('DEL', b.key) end
  else
    b.used = b.used + b.units
    local last = log[#log]
    if last and math.floor(last.at / b.piece) >= math.floor(now / b.piece) then
      last.at, last.units = math.max(last.at, now), last.units + b.units
    else
      log[#log + 1] = {at = now, units = b.units}
    end
  end
  local text = {}
  for n, entry in ipairs(log) do text[n] = whole(entry.at) .. ':' .. whole(entry.units) end
  redis.call('SET', b.key, table.concat(text, ' '), 'PX', whole(log[#log].at + b.window - now))
end
local function spend(at)
  local b = look(at)
  if b.granted then settle(b) end
  return {b.granted and 1 or 0, b.used, #b.log > 0 and b.log[#b.log].at + b.window - now or 0}
end
local function spendAll(at, count)
  local all = {}
  for n = 1, count do
    all[n] = look(at + 6 * (n - 1))
    if not all[n].granted then return false end
  end
  for n = 1, count do settle(all[n]) end
  return true
end
`;

/** ARGV 3… = a spending. Answers granted, used, ms until whole. */
const spend = `${words}${budgets}return spend(3)`;

/** ARGV 3 = number of spendings, 4… = they. Answers whether all were granted. */
const spendAll = `${words}${budgets}return spendAll(4, tonumber(ARGV[3])) and 1 or 0`;

/** As `spend`; ARGV 9 = kind. The budget's key is the record's id. Answers the record's value and the spending. */
const visit = `${words}${budgets}
local record = live(ARGV[9] .. ':' .. ARGV[4])
if not record then return nil end
return {record.value, spend(3)}`;

/** As `put`, for a unit of each of some budgets: ARGV 3 = number of spendings, 4… = they; then a creation. */
const buy = `${words}${budgets}
local costs = tonumber(ARGV[3])
local new = creation(4 + 6 * costs)
if revoked(new.record.tags) then return 'revoked' end
if not free(new.kind, new.id, new.record.aliases) then return 'exists' end
if not spendAll(4, costs) then return 'refused' end
make(new.kind, new.id, new.record)
return 'created'
`;

/**
 * ARGV 3 = kind, 4 = id, 5 = new ttl or '', 6 = number of states, 7 = of patched fields, 8 = of creations, 9 = of
 * spendings that are given back; then the states, the patch as field, value pairs, the creations, the spendings. Fields are
 * replaced as lines of text.
 */
const advance = `${words}${budgets}
local kind, id = ARGV[3], ARGV[4]
local record = live(kind .. ':' .. id)
if not record then return {'absent'} end
local at, states, patches, creations = 10, tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local state, fits = string.match('\\n' .. string.sub(record.value, 2), '\\n"state":("[^\\n]*")'), false
for n = 1, states do
  if ARGV[at] == state then fits = true end
  at = at + 1
end
if not fits then return {'stale', record.value} end
local patch, order = {}, {}
for n = 1, patches do
  patch[ARGV[at]] = ARGV[at + 1]
  order[n] = ARGV[at]
  at = at + 2
end
for n = 0, creations - 1 do
  local new = creation(at + 6 * n)
  if revoked(new.record.tags) then return {'absent'} end
  if not free(new.kind, new.id, new.record.aliases) then return {'taken'} end
end
local lines = {}
for line in string.gmatch(string.sub(record.value, 2, -2), '[^\\n]+') do
  local field = string.match(line, '^"(%w+)":') or string.match(line, '^"([^"]+)":')
  if patch[field] then
    line = '"' .. field .. '":' .. patch[field]
    patch[field] = nil
  else
    line = string.gsub(line, ',$', '')
  end
  lines[#lines + 1] = line
end
for n = 1, patches do
  if patch[order[n]] then lines[#lines + 1] = '"' .. order[n] .. '":' .. patch[order[n]] end
end
record.value = '{' .. table.concat(lines, ',\\n') .. '}'
if ARGV[5] ~= '' then record.ends = now + tonumber(ARGV[5]) end
remember(kind, id, record)
for n = 0, creations - 1 do
  local new = creation(at + 6 * n)
  make(new.kind, new.id, new.record)
end
spendAll(at + 6 * creations, tonumber(ARGV[9]))
return {'won', record.value}
`;

/** ARGV 3 = tag, 4 = ttl. Answers the number of records ended. */
const revoke = `${words}
local tag, ended = prefix .. 'f:' .. ARGV[3], 0
for _, member in ipairs(redis.call('ZRANGE', tag, 0, -1)) do
  local kind, id = string.match(member, '^([^:]+):(.*)$')
  local record = read(member)
  if record then
    if record.ends > now then ended = ended + 1 end
    drop(kind, id, record)
  end
end
redis.call('DEL', tag)
local tombstone, ends = prefix .. 'x:' .. ARGV[3], now + tonumber(ARGV[4])
local before = redis.call('GET', tombstone)
if not before or tonumber(before) < ends then redis.call('SET', tombstone, whole(ends), 'PX', ARGV[4]) end
return ended
`;

/** ARGV 3 = tag, 4 = kind. Answers id and value of each record, by end. */
const list = `${words}
local found, wanted = {}, ARGV[4] .. ':'
for _, member in ipairs(redis.call('ZRANGE', prefix .. 'f:' .. ARGV[3], 0, -1)) do
  if string.sub(member, 1, #wanted) == wanted then
    local record = live(member)
    if record then found[#found + 1] = {string.sub(member, #wanted + 1), record.value} end
  end
end
return found
`;

/**
 * The epoch is "<token> <run id of the server> <moment>". Another run of the server has the same token only if it cannot
 * have lost a write, and the moment only grows: one before what an instance has seen is out of a copy. ARGV 3 = run id, 4 =
 * a fresh token, 5 = '1' when the server writes every change to disk and never was a replica, 6 = ttl, 7 = the latest
 * moment seen. Answers token and moment.
 */
const epoch = `${words}
local key = prefix .. 'epoch'
local token, run, moment = string.match(redis.call('GET', key) or '', '^(%S+) (%S+) ?(%d*)$')
local latest = tonumber(moment) or 0
if not token or (run ~= ARGV[3] and ARGV[5] ~= '1') or latest < tonumber(ARGV[7]) then token = ARGV[4] end
latest = whole(math.max(latest, now))
redis.call('SET', key, token .. ' ' .. ARGV[3] .. ' ' .. latest, 'PX', ARGV[6])
return {token, latest}
`;

/** The scripts by the verb they serve. Each has one declared key: the one it is about. */
export const scripts = { put, buy, resolve, take, advance, once, spend, spendAll, visit, revoke, list, epoch } as const;

/** Name of a script. */
export type ScriptName = keyof typeof scripts;
