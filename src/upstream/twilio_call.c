#include "base/base.h"

#include "upstream/twilio.h"

#include "base/arena.h"
#include "base/buf.h"
#include "model/channel.h"
#include "upstream/carrier.h"

#define CALLS "Calls.json"
#define FORM_MOST 16384 /* bytes */

/* All that it can report; each is a parameter of its own. */
static const char *const events[] = { "initiated", "ringing", "answered",
	"completed" };

static const char *
seconds_text(struct arena *arena, int64_t seconds)
{
	return arena_format(arena, "%lld", (long long)seconds);
}

void
twilio_dial(const struct carrier_line *line, const struct carrier_call *call,
    struct carrier_answer *answer)
{
	struct buf form;
	size_t i;

	*answer = (struct carrier_answer){ .fate = CARRIER_REFUSED };
	if (call->url == NULL) {
		answer->receipt.error_code = "PUBLIC_URL_MISSING";
		answer->reason = "Twilio has to call back: set [http]"
				 " public_url";
		return;
	}
	buf_init(&form, line->arena, FORM_MOST);
	twilio_add(&form, "To", "", call->to);
	twilio_add(&form, "From", "", call->from);
	twilio_add(&form, "Url", "", call->url);
	/* Asked again, the call goes on where it stands. */
	twilio_add(&form, "FallbackUrl", "", call->url);
	twilio_add(&form, "StatusCallback", "", call->status_callback);
	for (i = 0; i < COUNT(events); i++)
		twilio_add(&form, "StatusCallbackEvent", "", events[i]);
	twilio_add(
	    &form, "Timeout", "", seconds_text(line->arena, call->ring_most));
	twilio_add(
	    &form, "TimeLimit", "", seconds_text(line->arena, call->talk_most));
	twilio_post(line, CALLS, &form, answer);
}

/* A call has no words by which it could be told from another. */
enum outcome
twilio_find_call(const struct carrier_line *line,
    const struct carrier_call *call, struct carrier_found *found,
    const char **reason)
{
	const struct carrier_message between = {
		.channel = CHANNEL_SMS, /* numbers without a prefix */
		.from = call->from,
		.to = call->to,
		.since = call->since,
	};

	return twilio_search(line, CALLS, &between, found, reason);
}
