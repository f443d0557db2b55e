/*
 * node t/livekit.mjs
 *
 * What the official server library of LiveKit would do.  Each line of the
 * input is an object, of which "do" says what; a line of JSON answers it:
 *
 *	verify   "token" with "key" and "secret": the claims, as the server
 *	         reads them
 *	sign     "body", and "ttl" in seconds: the authorization of a webhook
 *	receive  "body" with "authorization": the event that it is
 *
 * An error is answered by what the library says of it.
 */
import { createInterface } from "node:readline";
import { createHash } from "node:crypto";
import {
	AccessToken,
	TokenVerifier,
	WebhookReceiver,
} from "livekit-server-sdk";

const does = {
	verify: ({ key, secret, token }) =>
		new TokenVerifier(key, secret).verify(token),
	sign: ({ key, secret, body, ttl }) => {
		const token = new AccessToken(key, secret, { ttl });
		token.sha256 = createHash("sha256").update(body)
			.digest("base64");
		return token.toJwt();
	},
	receive: async ({ key, secret, body, authorization }) =>
		(await new WebhookReceiver(key, secret)
			.receive(body, authorization)).toJson(),
};

for await (const line of createInterface({ input: process.stdin })) {
	const asked = JSON.parse(line);
	let answer;
	try {
		answer = await does[asked.do](asked);
	} catch ({ message }) {
		answer = { error: message };
	}
	console.log(JSON.stringify(answer));
}
