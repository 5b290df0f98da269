-- Checks every answer and prints the totals as one line of JSON. Arguments: METHOD BODY_FILE EXPECT_FILE
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  local function read(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read("*a")
    file:close()
    return text
  end
  answers, shed, wrong, parts = 0, 0, 0, {}
  for part in read(args[3]):gmatch("[^\n]+") do table.insert(parts, part) end
  local body = read(args[2])
  wrk.method = args[1]
  if body ~= "" then
    wrk.body = body
    wrk.headers["content-type"] = "application/json"
  end
  request_text = wrk.format()
end

function request()
  return request_text
end

function response(status, _, body)
  if status == 503 then shed = shed + 1 return end
  local right, from = status == 200, 1
  for index = 1, right and #parts or 0 do
    local first, last = body:find(parts[index], from, true)
    if not first or (index == 1 and first ~= 1) then right = false break end
    from = last + 1
  end
  if right then answers = answers + 1 else wrong = wrong + 1 end
end

function done(summary, latency)
  local answers, shed, wrong = 0, 0, 0
  for _, thread in ipairs(threads) do
    answers = answers + thread:get("answers")
    shed = shed + thread:get("shed")
    wrong = wrong + thread:get("wrong")
  end
  local errors = summary.errors
  print(string.format(
    'wrk {"answers":%d,"shed":%d,"wrong":%d,"broken":%d,"timeouts":%d,"us":%d,"p50us":%d,"p99us":%d,"maxus":%d}',
    answers, shed, wrong, errors.connect + errors.read + errors.write, errors.timeout, summary.duration,
    latency:percentile(50), latency:percentile(99), latency.max))
end
