/*
 * node t/webhooks.mjs < REQUESTS.jsonl
 *
 * Does the official library of Standard Webhooks take each request?  A line
 * is an object: "secret", "headers" and "body" (its text).  Prints a line for
 * each: "ok", or what the library said.
 */
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
	const { secret, headers, body } = JSON.parse(line);
	try {
		new Webhook(secret).verify(body, headers);
		console.log("ok");
	} catch (error) {
		console.log(error.message);
	}
}
