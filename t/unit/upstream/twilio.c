/*
 * What Twilio's answers mean.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/when.h"
#include "model/message.h"
#include "net/fetch.h"
#include "upstream/carrier.h"
#include "upstream/twilio.h"

#include "tap.h"

#define ERROR(code) "{\"code\":" code ",\"message\":\"No\",\"status\":400}"

/* clang-format off */
static const struct {
	int64_t status;
	const char *body;
	enum carrier_fate fate;
	const char *sid, *error_code;
	int message_status;
	const char *name;
} answers[] = {
	{ 201, "{\"sid\":\"SM1\",\"status\":\"queued\",\"error_code\":null}",
	    CARRIER_ACCEPTED, "SM1", NULL, MESSAGE_SENT,
	    "201 with an id is accepted" },
	{ 201, "{\"sid\":\"SM1\",\"status\":\"delivered\"}", CARRIER_ACCEPTED,
	    "SM1", NULL, MESSAGE_DELIVERED, "with the status that it has" },
	{ 201, "{\"sid\":\"SM1\",\"status\":\"new\"}", CARRIER_ACCEPTED,
	    "SM1", NULL, MESSAGE_SENT, "a new word is no obstacle" },
	{ 201, "{\"sid\":\"SM1\",\"status\":\"failed\",\"error_code\":30008}",
	    CARRIER_ACCEPTED, "SM1", "30008", MESSAGE_FAILED,
	    "it may have failed already" },
	{ 201, "", CARRIER_UNKNOWN, NULL, NULL, 0,
	    "201 without an id may be accepted" },
	{ 201, "{\"sid\":", CARRIER_UNKNOWN, NULL, NULL, 0,
	    "so may one that was cut" },
	{ 200, "{\"sid\":\"\"}", CARRIER_UNKNOWN, NULL, NULL, 0,
	    "and one with an empty id" },
	{ 400, ERROR("21610"), CARRIER_REFUSED, NULL, "21610", 0,
	    "400 is refused with the carrier's code" },
	{ 401, ERROR("20003"), CARRIER_REFUSED, NULL, "20003", 0,
	    "401 is refused" },
	{ 404, "not found", CARRIER_REFUSED, NULL, "HTTP_404", 0,
	    "one without a code has its status" },
	{ 302, "", CARRIER_REFUSED, NULL, "HTTP_302", 0,
	    "a redirect is not followed" },
	{ 408, "", CARRIER_UNKNOWN, NULL, NULL, 0, "408 may be accepted" },
	{ 429, ERROR("20429"), CARRIER_LATER, NULL, NULL, 0, "429 is later" },
	{ 503, "", CARRIER_LATER, NULL, NULL, 0, "503 is later" },
	{ 500, ERROR("20500"), CARRIER_UNKNOWN, NULL, NULL, 0,
	    "500 may be accepted" },
	{ 502, "", CARRIER_UNKNOWN, NULL, NULL, 0, "502 may be accepted" },
	{ 504, "<html>", CARRIER_UNKNOWN, NULL, NULL, 0,
	    "504 may be accepted" },
};

#define ROW(sid, body, direction, date)                                       \
	"{\"sid\":\"" sid "\",\"body\":\"" body "\",\"direction\":\""          \
	direction "\",\"date_created\":\"" date                                \
	"\",\"status\":\"sent\",\"error_code\":null}"
#define NEW "Thu, 24 Aug 2023 05:00:10 +0000"
#define OLD "Thu, 24 Aug 2023 04:00:00 +0000"
/* clang-format on */

static const char page[] = "{\"messages\":[" ROW("SM5", "Hello", "outbound-api",
    NEW) "," ROW("SM4", "Other", "outbound-api", NEW) "," ROW("SM3", "Hello",
    "inbound", NEW) "," ROW("SM2", "Hello", "outbound-api", NEW) "," ROW("SM1",
    "Hello", "outbound-api", OLD) "],\"next_page_uri\":\"/"
				  "next\"}";
static const char old_page[] = "{\"messages\":[" ROW(
    "SM1", "Hello", "outbound-api", OLD) "],\"next_page_uri\":\"/next\"}";

static struct fetch_answer
answer_of(int64_t status, const char *body)
{
	return (struct fetch_answer){
		.status = status,
		.body = body,
		.length = strlen(body),
		.retry_after = 7,
		.arrived = true,
	};
}

static void
test_judge(struct arena *arena)
{
	struct carrier_answer answer;
	struct fetch_answer fetched;
	size_t i;

	for (i = 0; i < COUNT(answers); i++) {
		fetched = answer_of(answers[i].status, answers[i].body);
		twilio_judge(arena, &fetched, &answer);
		is_int(answer.fate, answers[i].fate, "%s", answers[i].name);
		is_text(answer.receipt.carrier_message_id, answers[i].sid,
		    "and its id is right");
		is_text(answer.receipt.error_code, answers[i].error_code,
		    "and its code");
		is_int(answer.receipt.status, answers[i].message_status,
		    "and its status");
	}
	fetched = answer_of(400, ERROR("21610"));
	twilio_judge(arena, &fetched, &answer);
	is_text(answer.reason, "the carrier answered 400: No",
	    "the reason has the carrier's words");
	fetched = answer_of(429, "");
	twilio_judge(arena, &fetched, &answer);
	is_text(
	    answer.reason, "the carrier answered 429", "or only its status");
	is_int(answer.retry_after, 7, "what it asks for is kept");
}

static void
test_page(struct arena *arena, int64_t since)
{
	struct carrier_message message = { .text = "Hello", .since = since };
	struct carrier_found found = { .count = 0 };
	struct fetch_answer fetched = answer_of(200, page);
	const char *next = NULL;

	is_int(twilio_read_page(arena, &fetched, &message, &found, &next), OK,
	    "a page is read");
	is_int(found.count, 2,
	    "only what leaves, has the words and is not older is found");
	is_text(found.list[0].carrier_message_id, "SM2", "the oldest first");
	is_text(found.list[1].carrier_message_id, "SM5", "then the newer");
	is_int(found.list[0].status, MESSAGE_SENT, "with its status");
	is_text(next, "/next", "and there is another page");
	fetched = answer_of(200, old_page);
	is_int(twilio_read_page(arena, &fetched, &message, &found, &next), OK,
	    "a page of what is older is read");
	is_int(found.count, 2, "and adds nothing");
	is_text(next, NULL, "nor does it lead on");
	fetched = answer_of(200, "{\"messages\":[],\"next_page_uri\":null}");
	is_int(twilio_read_page(arena, &fetched, &message, &found, &next), OK,
	    "an empty page is a page");
	is_text(next, NULL, "and the last");
	fetched = answer_of(200, "{\"messages\":");
	is_int(twilio_read_page(arena, &fetched, &message, &found, &next),
	    INVALID, "a page that was cut is none");
	fetched = answer_of(500, page);
	is_int(twilio_read_page(arena, &fetched, &message, &found, &next),
	    INVALID, "nor is what comes with another status");
}

/* A call has no words: whatever leaves between the two and is not older. */
static void
test_calls(struct arena *arena, int64_t since)
{
	struct carrier_message between = { .since = since };
	struct carrier_found found = { .count = 0 };
	struct fetch_answer fetched = answer_of(200,
	    "{\"calls\":[{\"sid\":\"CA3\",\"direction\":\"inbound\","
	    "\"date_created\":\"" NEW "\"},{\"sid\":\"CA2\","
	    "\"direction\":\"outbound-api\",\"status\":\"ringing\","
	    "\"date_created\":\"" NEW "\"},{\"sid\":\"CA1\","
	    "\"direction\":\"outbound-api\",\"date_created\":\"" OLD
	    "\"}],\"next_page_uri\":null}");
	const char *next = NULL;

	is_int(twilio_read_page(arena, &fetched, &between, &found, &next), OK,
	    "a page of calls is read");
	is_int(found.count, 1, "for the one that we placed");
	is_text(found.list[0].carrier_message_id, "CA2", "by its id");
	fetched = answer_of(200, "{\"next_page_uri\":null}");
	is_int(twilio_read_page(arena, &fetched, &between, &found, &next),
	    INVALID, "one of neither is none");
}

int
main(void)
{
	struct arena *arena = arena_new();
	int64_t since;

	if (when_parse("2023-08-24T05:00:00Z", &since) != OK)
		return 1;
	test_judge(arena);
	test_page(arena, since);
	test_calls(arena, since);
	arena_free(arena);
	return done();
}
