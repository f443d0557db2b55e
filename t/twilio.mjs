/*
 * node t/twilio.mjs
 *
 * What the official library of Twilio would do.  Each line of the input is
 * an object, of which "do" says what; a line of JSON answers it:
 *
 *	sign    "token", "url" and "form", in which a list is a parameter that
 *	        is repeated: the signature
 *	create  a message, "message" as the library takes it
 *	list    messages, "query" as the library takes it
 *	dial    a call, "call" as the library takes it
 *	calls   those that were placed, "query" as the library takes it
 *	voice   "verbs", each a list of its name, its attributes and its
 *	        text or the verbs within: the document that they are
 *
 * All but sign and voice call "base" in the place of Twilio, as "sid" with "token".
 * An error is answered by what the library says of it.
 */
import { createInterface } from "node:readline";
import twilio from "twilio";
import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";

/* The library has no name for another host. */
class Elsewhere extends twilio.RequestClient {
	constructor(base) {
		super({ keepAlive: false });
		this.base = base;
	}

	request(options) {
		const { pathname, search } = new URL(options.uri);
		const uri = this.base + pathname + search;
		return super.request({ ...options, uri });
	}
}

function client({ base, sid, token }) {
	return twilio(sid, token, { httpClient: new Elsewhere(base) });
}

function say(parent, verbs) {
	for (const [name, attributes, content] of verbs) {
		if (Array.isArray(content))
			say(parent[name](attributes), content);
		else if (content === undefined)
			parent[name](attributes);
		else
			parent[name](attributes, content);
	}
	return parent;
}

const does = {
	sign: ({ token, url, form }) =>
		getExpectedTwilioSignature(token, url, form),
	create: (asked) => client(asked).messages.create(asked.message),
	list: (asked) => client(asked).messages.list(asked.query),
	dial: (asked) => client(asked).calls.create(asked.call),
	calls: (asked) => client(asked).calls.list(asked.query),
	voice: ({ verbs }) =>
		say(new twilio.twiml.VoiceResponse(), verbs).toString(),
};

for await (const line of createInterface({ input: process.stdin })) {
	const asked = JSON.parse(line);
	let answer;
	try {
		answer = await does[asked.do](asked);
	} catch ({ status, code, message, moreInfo }) {
		answer = { status, code, message, moreInfo };
	}
	console.log(JSON.stringify(answer));
}
