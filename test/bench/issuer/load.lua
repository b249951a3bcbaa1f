-- wrk script. Arguments: workload, client id, file with codes (or "-"). Prints one line of JSON.
local ffi = require("ffi")
ffi.cdef([[typedef struct { long s; long ns; } bench_time; int clock_gettime(int, bench_time *);]])
local time = ffi.new("bench_time")
local function now()
  ffi.C.clock_gettime(1, time)
  return tonumber(time.s) + tonumber(time.ns) / 1e9
end

local device_grant = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code"
-- What an answer must hold to be of the workload's class.
local marks = {
  poll = {400, "authorization_pending"},
  start = {200, '"user_code"'},
  issue = {200, '"id_token"'},
  jwks = {200, '"keys"'},
}

local threads = {}
function setup(thread) table.insert(threads, thread) end

function init(args)
  workload, client, sent, answered, right, first_at, last_at = args[1], args[2], 0, 0, 0, 0, 0
  status_wanted, text_wanted, wrong = marks[workload][1], marks[workload][2], ""
  codes = {}
  if args[3] ~= "-" then for line in io.lines(args[3]) do codes[#codes + 1] = line end end
  -- A code is redeemed once: the load ends before they run out.
  limit = workload == "issue" and #codes - 64 or 1e9
  offset = math.random(1, 1000000)
end

function request()
  sent = sent + 1
  if sent == 1 then first_at = now() end
  if workload == "jwks" then return wrk.format("GET", "/jwks") end
  local n = sent + offset
  local headers = {
    ["Content-Type"] = "application/x-www-form-urlencoded",
    -- Every login comes from an address of its own, as they do.
    ["X-Forwarded-For"] = "10." .. math.floor(n / 65536) % 256 .. "." .. math.floor(n / 256) % 256 .. "." .. n % 256,
  }
  if workload == "start" then
    local body = "client_id=" .. client .. "&scope=openid+profile+groups+offline_access"
    return wrk.format("POST", "/device_authorization", headers, body)
  end
  local code = codes[(sent - 1) % #codes + 1]
  return wrk.format("POST", "/token", headers,
    "grant_type=" .. device_grant .. "&client_id=" .. client .. "&device_code=" .. code)
end

function response(status, _, body)
  answered = answered + 1
  last_at = now()
  if status == status_wanted and string.find(body, text_wanted, 1, true) then
    right = right + 1
  elseif wrong == "" then
    wrong = status .. " " .. string.gsub(string.sub(body, 1, 200), '["\\%c]', "'")
  end
  if answered >= limit then wrk.thread:stop() end
end

function done(summary, latency)
  local t = threads[1]
  io.write(string.format('{"answered":%d,"right":%d,"seconds":%.6f,"p50":%d,"p99":%d,"errors":%d,"wrong":"%s"}\n',
    t:get("answered"), t:get("right"), t:get("last_at") - t:get("first_at"),
    latency:percentile(50), latency:percentile(99),
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout, t:get("wrong")))
end
