/*
 * The documents, byte for byte, and the signatures over them.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/secret.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "model/message.h"
#include "model/webhook.h"

#include "tap.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#define ID "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"
#define MESSAGE_ID "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5c"
#define CREATED INT64_C(1790000000123000)

/* Test vectors that were made elsewhere: the published one of Standard
 * Webhooks, and RFC 4231's second of HMAC-SHA256. */
#define VECTOR_SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define VECTOR_ID "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define VECTOR_TIME 1614265330
#define VECTOR_BODY "{\"test\": 2432232314}"
#define VECTOR_SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

static const struct message talk[] = {
	{ .sender = SENDER_AGENT, .text = "Which day?" },
	{ .sender = SENDER_USER, .text = "Tuesday \"please\" / \xc3\xa9" },
	{ .sender = SENDER_HUMAN, .text = "Fine" },
};
static const struct list all = { talk, COUNT(talk) };
static const struct list none = { NULL, 0 };

/* clang-format off */
static const char status_document[] =
    "{\"type\":\"status\",\"status\":\"timeout\","
    "\"status_reason\":\"the user was silent\","
    "\"conversation_id\":\"" ID "\",\"phone_number\":\"+12025550111\","
    "\"agent_number\":\"+12025550143\",\"channel\":\"sms\","
    "\"pathway_id\":\"p1\",\"pathway_version\":\"3\",\"message_count\":3,"
    "\"variables\":{\"plan\":\"basic\"},\"metadata\":{\"lead\":\"L-9\"},"
    "\"pathway_tags\":[{\"name\":\"Booked\",\"color\":\"#0a0\"}],"
    "\"concatenated_transcript\":\"assistant: Which day? \\n user: Tuesday"
    " \\\"please\\\" / \xc3\xa9 \\n assistant: Fine \\n \",\"summary\":null,"
    "\"citations\":null,\"dispositions\":[]}";

static const char empty_status[] =
    "{\"type\":\"status\",\"status\":\"inactive\",\"status_reason\":null,"
    "\"conversation_id\":\"" ID "\",\"phone_number\":\"+12025550111\","
    "\"agent_number\":\"+12025550143\",\"channel\":\"sms\","
    "\"pathway_id\":null,\"pathway_version\":null,\"message_count\":0,"
    "\"variables\":{},\"metadata\":{},\"pathway_tags\":[],"
    "\"concatenated_transcript\":\"\",\"summary\":null,"
    "\"citations\":{\"day\":\"Tuesday\"},\"dispositions\":[]}";

static const char message_document[] =
    "{\"type\":\"message\",\"conversation_id\":\"" ID "\","
    "\"message_id\":\"" MESSAGE_ID "\",\"phone_number\":\"+12025550111\","
    "\"agent_number\":\"+12025550143\",\"channel\":\"sms\","
    "\"pathway_id\":\"p1\",\"pathway_version\":\"3\","
    "\"message\":\"Fine\",\"sender\":\"HUMAN\",\"chat_history\":["
    "{\"role\":\"assistant\",\"content\":\"Which day?\"},"
    "{\"role\":\"user\",\"content\":\"Tuesday \\\"please\\\" / \xc3\xa9\"},"
    "{\"role\":\"assistant\",\"content\":\"Fine\"}],"
    "\"variables\":{\"plan\":\"basic\"},\"metadata\":{\"lead\":\"L-9\"},"
    "\"pathway_tags\":[{\"name\":\"Booked\",\"color\":\"#0a0\"}],"
    "\"created_at\":\"2026-09-21T14:13:20.123Z\","
    "\"message_status\":\"undelivered\",\"error_code\":\"30003\"}";

/* What node prints of JSON.stringify(JSON.parse(...)). */
static const struct {
	const char *json, *normal, *name;
} normals[] = {
	{ "{ \"b\" : [ 1 , 2 ] }", "{\"b\":[1,2]}", "spaces go" },
	{ "{\"b\":1,\"a\":2}", "{\"b\":1,\"a\":2}", "names keep their order" },
	{ "{\"b\":1,\"10\":2,\"9\":3}", "{\"9\":3,\"10\":2,\"b\":1}",
	    "array indices come first, by their number" },
	{ "{\"x\":0,\"01\":1,\"-1\":2,\"1.5\":3,\"4294967295\":4,\"0\":5}",
	    "{\"0\":5,\"x\":0,\"01\":1,\"-1\":2,\"1.5\":3,\"4294967295\":4}",
	    "what only looks like an index is none" },
	{ "{\"b\":1,\"4294967294\":2,\"99999999999\":3}",
	    "{\"4294967294\":2,\"b\":1,\"99999999999\":3}",
	    "the largest index is 2^32 - 2" },
	{ "[{\"1\":{\"z\":0,\"2\":1},\"0\":[]}]",
	    "[{\"0\":[],\"1\":{\"2\":1,\"z\":0}}]", "also further in" },
	{ "[1.50,1.0,-0.0,-0,1e3,1e21,0.1]", "[1.5,1,0,0,1000,1e+21,0.1]",
	    "numbers are as short as they can be" },
	{ "[9007199254740993,12345678901234567890]",
	    "[9007199254740992,12345678901234567000]",
	    "large integers are doubles" },
	{ "{\"a\":null,\"b\":true,\"c\":\"\\u00e9\\/\\u001f\\u2028\"}",
	    "{\"a\":null,\"b\":true,\"c\":\"\xc3\xa9/\\u001f\xe2\x80\xa8\"}",
	    "only what must be is escaped" },
	{ "{\"\":1,\"__proto__\":2}", "{\"\":1,\"__proto__\":2}",
	    "no name is special" },
	{ "null", "null", "null stays null" },
	{ "{", NULL, "half an object is nothing" },
};

static const char *const bad_secrets[] = {
	"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9",
	"whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!!!!",
};
/* clang-format on */

static struct conversation
sample(void)
{
	struct conversation conversation = {
		.pair = { CHANNEL_SMS, "+12025550111", "+12025550143" },
		.status = CONVERSATION_TIMEOUT,
		.position = { "p1", "3", "n1" },
		.variables = "{ \"plan\":\"basic\" }",
		.metadata = "{\"lead\":\"L-9\"}",
		.pathway_tags = "[{\"name\":\"Booked\",\"color\":\"#0a0\"}]",
		.message_count = 3,
	};

	ok(id_parse(ID, &conversation.id) == OK, "the test's id is good");
	return conversation;
}

static void
test_status(struct arena *arena)
{
	struct conversation conversation = sample();
	const char *document = webhook_status_text(
	    arena, &conversation, &all, "the user was silent");

	is_text(document, status_document,
	    "a status has its fields, in the order that clients know");
	is_int(webhook_kind_of(document), WEBHOOK_STATUS,
	    "and is known by its beginning");
	conversation = (struct conversation){
		.id = conversation.id,
		.pair = conversation.pair,
		.status = CONVERSATION_INACTIVE,
		.citation_variables = "{\"day\":\"Tuesday\"}",
	};
	is_text(webhook_status_text(arena, &conversation, &none, NULL),
	    empty_status, "what is not there is empty");
}

static void
test_message(struct arena *arena)
{
	struct conversation conversation = sample();
	struct message message = talk[2];
	const char *document;

	ok(id_parse(MESSAGE_ID, &message.id) == OK, "an id is good");
	message.created_at = CREATED;
	message.status = MESSAGE_UNDELIVERED;
	message.error_code = "30003";
	document = webhook_message_text(arena, &conversation, &all, &message);
	is_text(document, message_document,
	    "a message has its fields, in the order that clients know");
	is_int(webhook_kind_of(document), WEBHOOK_MESSAGE,
	    "and is known by its beginning");
	message.status = MESSAGE_STORED;
	message.error_code = NULL;
	document = webhook_message_text(arena, &conversation, &none, &message);
	ok(strstr(document, "\"message_status\":null,\"error_code\":null}") !=
		    NULL &&
		strstr(document, "\"chat_history\":[]") != NULL,
	    "one that never left has no status");
}

/* More than a document holds: 1,600 bytes a thousand times. */
static void
test_long(struct arena *arena)
{
	enum { LENGTH = 1600, MANY = 1000 };
	struct conversation conversation = sample();
	struct message *messages = arena_alloc(arena, MANY * sizeof(*messages));
	struct list list = { messages, MANY };
	char *text = arena_alloc(arena, LENGTH + 1);
	const char *document;
	size_t i;

	(void)memset(text, '"', LENGTH);
	for (i = 0; i < MANY; i++)
		messages[i] = (struct message){
			.sender = SENDER_USER,
			.text = text,
		};
	messages[0].text = "the first";
	messages[MANY - 1].text = "the last";
	document = webhook_status_text(arena, &conversation, &list, NULL);
	ok(strstr(document, "the first") == NULL &&
		strstr(document, "user: the last \\n ") != NULL,
	    "of a long conversation the latest is kept");
	ok(strlen(document) < (size_t)3 * WEBHOOK_HISTORY_MOST,
	    "and the document stays within bounds");
	document =
	    webhook_message_text(arena, &conversation, &list, &messages[0]);
	ok(strstr(document, "\"content\":\"the first\"") == NULL &&
		strstr(document, "\"content\":\"the last\"") != NULL,
	    "in a message's history as well");
}

static void
test_normal(struct arena *arena)
{
	const char *once;
	size_t i;

	for (i = 0; i < COUNT(normals); i++) {
		once = webhook_normal(arena, normals[i].json);
		is_text(once, normals[i].normal, "%s", normals[i].name);
		if (once != NULL)
			is_text(webhook_normal(arena, once), once,
			    "%s: once is enough", normals[i].name);
	}
}

static void
test_signatures(struct arena *arena)
{
	unsigned char digest[SECRET_DIGEST];
	const char *signature = "untouched";
	size_t i;

	secret_hmac("Jefe", 4, "what do ya want for nothing?", 28, digest);
	is_text(secret_hex(arena, digest, sizeof(digest)),
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
	    "HMAC-SHA256 is that of RFC 4231");
	for (i = 0; i < COUNT(bad_secrets); i++)
		is_int(webhook_sign(arena, bad_secrets[i], VECTOR_ID,
			   VECTOR_TIME, VECTOR_BODY, &signature),
		    INVALID, "\"%s\" is no secret", bad_secrets[i]);
	is_text(signature, "untouched", "and signs nothing");
	is_int(webhook_sign(arena, VECTOR_SECRET, VECTOR_ID, VECTOR_TIME,
		   VECTOR_BODY, &signature),
	    OK, "a secret signs");
	is_text(signature, VECTOR_SIGNATURE,
	    "as the published example of Standard Webhooks says");
	is_text(
	    webhook_sign_body(arena, "Jefe", "what do ya want for nothing?"),
	    secret_hex(arena, digest, sizeof(digest)),
	    "the older signature is under the secret's text, over the body");
}

static void
test_secrets(struct arena *arena)
{
	struct webhook_secret one = { .slot = 0 }, other = { .slot = 0 };
	unsigned char *bytes;
	const char *text, *signature;
	size_t length = 0;

	webhook_secret_make(arena, &one);
	webhook_secret_make(arena, &other);
	ok(strncmp(one.secret, "whsec_", 6) == 0, "a secret has its mark");
	ok(secret_unbase64(arena, one.secret + 6, &bytes, &length) == OK,
	    "and is base64 behind it");
	is_int((int64_t)length, 32, "of 256 bits");
	ok(strcmp(one.secret, other.secret) != 0, "secrets differ");
	ok(!id_equal(&one.id, &other.id), "and so do their ids");
	is_int(webhook_sign(arena, one.secret, "msg_1", 1, "{}", &signature),
	    OK, "a new secret signs");
	text = json_text(arena,
	    json_own(arena, field_write(arena, &webhook_secret_schema, &one)));
	ok(strstr(text, "whsec_") == NULL, "a list does not show it");
	text = json_text(arena,
	    json_own(arena,
		field_write(arena, &webhook_secret_created_schema, &one)));
	ok(strstr(text, one.secret) != NULL, "its making does");
}

static void
test_log(struct arena *arena)
{
	static const struct delivery_attempt attempts[] = {
		{ .sent_at = CREATED,
		    .took = "20000ms",
		    .error_message = "no answer" },
		{ .sent_at = CREATED,
		    .took = "88ms",
		    .response_code = 200,
		    .send_type = SEND_RESEND },
	};
	struct delivery delivery = {
		.url = "https://hooks.example.test/sms",
		.document = "{\"type\":\"status\"}",
		.created_at = CREATED,
		.attempts = { attempts, COUNT(attempts) },
	};

	is_text(json_text(arena,
		    json_own(arena,
			field_write(arena, &delivery_log_schema, &delivery))),
	    "{\"conversation_id\":null,"
	    "\"url\":\"https://hooks.example.test/sms\","
	    "\"payload\":{\"type\":\"status\"},"
	    "\"created_at\":\"2026-09-21T14:13:20.123Z\",\"user_id\":null,"
	    "\"metadata\":[{\"sent_at\":\"2026-09-21T14:13:20.123Z\","
	    "\"response_code\":null,\"response_time\":\"20000ms\","
	    "\"send_type\":\"spawn\",\"error_message\":\"no answer\"},"
	    "{\"sent_at\":\"2026-09-21T14:13:20.123Z\",\"response_code\":200,"
	    "\"response_time\":\"88ms\",\"send_type\":\"resend\","
	    "\"error_message\":null}]}",
	    "the log shows every attempt");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_status(arena);
	test_message(arena);
	test_long(arena);
	test_normal(arena);
	test_signatures(arena);
	test_secrets(arena);
	test_log(arena);
	arena_free(arena);
	return done();
}
