/*
 * node t/model.mjs PORT KEY
 *
 * A language model on 127.0.0.1 for the tests: aimock, which speaks OpenAI's
 * protocol, with answers that are ordered while it runs.  Parley::Model
 * starts it and knows what a step is.
 *
 * PORT 0 is a free one; which it is, is printed when it can be asked.
 *
 *   POST /plan  a list of steps, each for one request, in this order
 *   GET /plan   what it was asked, and how many steps are left
 */
import { LLMock } from "@copilotkit/aimock";

const [port, key] = process.argv.slice(2);
const model = new LLMock({
	port: Number(port),
	host: "127.0.0.1",
	logLevel: "warn",
	auth: { apiKeys: [key] },
});

const steps = []; /* not taken yet */
const requests = [];
const taken = new WeakMap(); /* of each request, its step */

/* Is this step for a request whose user said that last? */
function fits(step, { messages }) {
	const said = messages.filter(({ role }) => role === "user").pop();
	const content = said?.content ?? "";
	const words = typeof content === "string" ? content :
	    JSON.stringify(content);

	return step.when === undefined || words.includes(step.when);
}

/* Those for some requests come before those for any, and those for always
 * last. */
function take(request) {
	const fitting = steps.filter((step) => fits(step, request));
	const once = fitting.filter(({ always }) => !always);
	const step = once.find(({ when }) => when !== undefined) ?? once[0];

	if (step === undefined)
		return fitting.pop();
	steps.splice(steps.indexOf(step), 1);
	return step;
}

/* Asked of every request first, and of none true: it only notes it. */
function note(request) {
	const { _endpointType, _context, ...body } = request;

	if (!taken.has(request)) {
		requests.push(body);
		taken.set(request, take(request));
	}
	return false;
}

function pause(seconds) {
	return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

function add(step) {
	steps.push(step);
	model.addFixture({
		match: { predicate: (request) => taken.get(request) === step },
		response: async () => {
			await pause(step.slow ?? 0);
			return step.response;
		},
		...(step.chaos ? { chaos: step.chaos } : {}),
	});
}

async function read(request) {
	let text = "";

	for await (const part of request.setEncoding("utf8"))
		text += part;
	return JSON.parse(text);
}

model.addFixture({ match: { predicate: note }, response: { content: "" } });
model.mount("/plan", {
	async handleRequest(request, response) {
		if (request.method === "POST")
			(await read(request)).forEach(add);
		const left = steps.filter(({ always }) => !always).length;

		response.setHeader("Content-Type", "application/json");
		response.end(JSON.stringify({ requests, left }));
		return true;
	},
});
await model.start();
console.log(model.port);
