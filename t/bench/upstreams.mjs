/*
 * node t/bench/upstreams.mjs PORT
 *
 * A language model and a carrier on 127.0.0.1 for t/bench/turns, that cost as
 * little as can be: the model says always the same, the carrier takes all.
 *
 *   POST /v1/chat/completions      the model
 *   POST .../Messages.json         the carrier
 *   POST /again?delay=MS           forgets all; the model takes so long
 *   GET /seen                      { sent: [[moment, to], ...], asked, most,
 *                                  slowest }: moments in ms of the epoch, how
 *                                  often and by how many at once the model
 *                                  was asked, and how long it took at most
 *                                  beyond its delay
 */
import { createServer } from "node:http";

let delay, seen, waiting = 0, accepted = 0;

function again(ms) {
	delay = ms;
	seen = { sent: [], asked: 0, most: 0, slowest: 0 };
}

function say(response, status, document) {
	response.writeHead(status, { "content-type": "application/json" });
	response.end(JSON.stringify(document));
}

function complete(response) {
	const start = performance.now();

	seen.asked++;
	seen.most = Math.max(seen.most, ++waiting);
	const answer = () => {
		waiting--;
		say(response, 200, { id: `chatcmpl-${seen.asked}`,
			object: "chat.completion", model: "model-1",
			choices: [{ index: 0, finish_reason: "stop", message: {
				role: "assistant",
				content: "Between two and four." } }],
			usage: { prompt_tokens: 100, completion_tokens: 5,
			    total_tokens: 105 } });
		seen.slowest = Math.max(seen.slowest,
			performance.now() - start - delay);
	};
	if (delay > 0)
		setTimeout(answer, delay);
	else
		answer();
}

function accept(response, body) {
	const form = new URLSearchParams(body);
	const sid = `SM${process.pid}${String(++accepted).padStart(20, "0")}`;

	seen.sent.push([Date.now(), form.get("To")]);
	say(response, 201, { sid, status: "queued", to: form.get("To"),
		from: form.get("From"), body: form.get("Body"),
		direction: "outbound-api", error_code: null,
		error_message: null });
}

again(0);
createServer({ keepAlive: false }, (request, response) => {
	const url = new URL(request.url, "http://127.0.0.1");
	let body = "";

	request.setEncoding("utf8");
	request.on("data", (text) => { body += text; });
	request.on("end", () => {
		if (url.pathname.endsWith("/Messages.json"))
			return accept(response, body);
		if (url.pathname.endsWith("/chat/completions"))
			return complete(response);
		if (url.pathname === "/again")
			again(Number(url.searchParams.get("delay")));
		return say(response, 200, seen);
	});
}).listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });
