/*
 * What providers call.
 *
 * method, path, flags, scopes,
 *     query, body, answer, envelope, status, handler,
 *     about
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/hooks_call.h"
#include "api/hooks_livekit.h"
#include "api/hooks_mail.h"
#include "api/hooks_mail_events.h"
#include "api/hooks_twilio.h"
#include "api/hooks_voice.h"
#include "api/route_words.h"
#include "api/unsubscribe.h"
#include "model/livekit.h"
#include "model/tool.h"
#include "model/twilio.h"

/* What nobody brings again. */
#define HOOK (OPEN | WRITES | ROUTE_SPOOLED)

/* clang-format off */
static const struct route list[] = {
	{ "POST", "/v1/hooks/livekit", HOOK, 0,
	    NULL, &livekit_event_schema, &answer_status_schema, BARE, 200,
	    hooks_livekit,
	    "What happened in a room, as LiveKit tells it: the server's webhook"
	    " is to be this, signed with the carrier's api_key." },
	{ "POST", "/v1/hooks/twilio/message", HOOK | ROUTE_FORM, 0,
	    NULL, &twilio_text_schema, &answer_status_schema, ENVELOPE_TWIML,
	    200, hooks_twilio_message, "A text that came in by Twilio." },
	{ "POST", "/v1/hooks/twilio/status", HOOK | ROUTE_FORM, 0,
	    NULL, &twilio_report_schema, &answer_status_schema, BARE, 200,
	    hooks_twilio_status,
	    "What became of a message, as Twilio reports it." },
	{ "POST", "/v1/hooks/twilio/voice", HOOK | ROUTE_FORM, 0,
	    &voice_query_schema, &twilio_call_schema, &answer_status_schema,
	    ENVELOPE_TWIML, 200, hooks_twilio_voice,
	    "What Twilio is to say in a call, and do next." },
	{ "POST", "/v1/hooks/twilio/call-status", HOOK | ROUTE_FORM, 0,
	    &hook_query_schema, &twilio_call_schema, &answer_status_schema,
	    BARE, 200, hooks_twilio_call_status,
	    "How far a call has come, as Twilio reports it." },

	{ "GET", "/v1/email/unsubscribe/{token}", OPEN, 0,
	    NULL, NULL, &answer_message_schema, ENVELOPE_HTML, 200,
	    unsubscribe_show, "A page that asks whether to unsubscribe." },
	{ "POST", "/v1/email/unsubscribe/{token}", HOOK, 0,
	    NULL, NULL, &answer_message_schema, ENVELOPE_HTML, 200,
	    unsubscribe, "Unsubscribe by one click (RFC 8058)." },
	{ "POST", "/v1/hooks/mail", HOOK | ROUTE_MAIL, 0,
	    NULL, NULL, &answer_status_schema, BARE, 200, hooks_mail,
	    "A mail that Mailgun or SendGrid brings, as their form." },
	{ "POST", "/v1/hooks/mail/{carrier_id}", HOOK | ROUTE_MAIL, 0,
	    NULL, NULL, &answer_status_schema, BARE, 200, hooks_mail,
	    "The same, for the carrier that it is signed by." },
	{ "POST", "/v1/hooks/mail-events/{carrier_id}", HOOK, 0,
	    NULL, NULL, &answer_status_schema, BARE, 200, hooks_mail_events,
	    "What became of mails, as Mailgun or SendGrid tell it." },
};
/* clang-format on */

const struct route_table routes_hooks = { list, COUNT(list) };
