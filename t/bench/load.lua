-- wrk's requests, and what came of them: the same load as floor.c's.
--
--	wrk ... -s load.lua URL -- OPERATION KEY IDS
--
-- Prints a line: requests a second, the median and the 99th percentile of
-- their times in microseconds, how many were not answered with 2xx, and how
-- many were answered.

local USERS = 1000000
local AGENT = "+15550001111"
local TEXT = "The technician comes between two and four this afternoon."

local BODY = '{"user_number":"+1556%07d","agent_number":"' .. AGENT ..
    '","message":"' .. TEXT .. '","sender":"%s"}'

local ids, turn = {}, 0

local operations = {
	create = function()
		turn = turn + 1
		return wrk.format("POST", "/v1/sms/create", nil,
		    BODY:format(math.random(0, USERS - 1),
			turn % 2 == 0 and "AGENT" or "USER"))
	end,
	numbers = function()
		return wrk.format("GET", "/v1/sms/numbers")
	end,
	get = function()
		return wrk.format("GET", "/v1/sms/conversations/" ..
		    ids[math.random(#ids)])
	end,
}

-- Its threads must not all ask for the same.
local threads = 0
function setup(thread)
	threads = threads + 1
	thread:set("seed", threads)
end

function init(arguments)
	math.randomseed(os.time() * 1000 + seed)
	wrk.headers["Authorization"] = arguments[2]
	wrk.headers["Content-Type"] = "application/json"
	for id in io.lines(arguments[3]) do
		ids[#ids + 1] = id
	end
	request = operations[arguments[1]]
end

function done(summary, latency)
	local errors = summary.errors
	print(string.format("counted %d %d %d %d %d",
	    summary.requests / (summary.duration / 1e6),
	    latency:percentile(50), latency:percentile(99),
	    errors.connect + errors.read + errors.write + errors.timeout +
	    errors.status, summary.requests))
end
