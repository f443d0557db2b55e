/*
 * LiveKit's tokens claim by claim, what is signed, and where events lead.
 * The official library reads and makes the same in t/api/webrtc.t.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/when.h"
#include "model/field.h"
#include "model/jwt.h"
#include "model/livekit.h"

#include "tap.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#define CONVERSATION "0190b0a0-0000-7000-8000-000000000001"
#define ABOUT "{\\\"conversation_id\\\":\\\"" CONVERSATION "\\\"}"
#define NOW (1700000000 * WHEN_SECOND)

static struct livekit_access
access_of(const char *identity)
{
	struct livekit_access access = {
		.key = "APItest",
		.secret = "secret",
		.identity = identity,
		.from = NOW,
		.until = NOW + 600 * WHEN_SECOND,
	};

	if (id_parse(CONVERSATION, &access.conversation) != OK)
		abort();
	return access;
}

static const char *
claims_of(struct arena *arena, const struct livekit_access *access)
{
	const char *token = livekit_token(arena, access);
	struct jwt jwt;

	if (jwt_read(arena, token, &jwt) != OK ||
	    !jwt_is_signed(&jwt, access->secret))
		return "not signed";
	return json_text(arena, jwt.claims);
}

static void
test_token(struct arena *arena)
{
	struct livekit_access access = access_of("user_42");

	is_text(claims_of(arena, &access),
	    "{\"iss\":\"APItest\",\"sub\":\"user_42\",\"nbf\":1700000000,"
	    "\"exp\":1700000600,\"name\":\"user_42\",\"metadata\":\"" ABOUT
	    "\",\"video\":{\"room\":\"conversation-" CONVERSATION
	    "\",\"roomJoin\":true,\"canPublish\":true,\"canPublishData\":true,"
	    "\"canSubscribe\":true,\"hidden\":false}}",
	    "a user may speak and hear");
	access.agent_name = "helper";
	ok(strstr(claims_of(arena, &access),
	       ",\"roomConfig\":{\"agents\":[{\"agentName\":\"helper\","
	       "\"metadata\":\"" ABOUT "\"}]}}") != NULL,
	    "an agent is dispatched with the conversation's id");
	access = access_of("listener-1");
	access.listens_only = true;
	is_text(claims_of(arena, &access),
	    "{\"iss\":\"APItest\",\"sub\":\"listener-1\",\"nbf\":1700000000,"
	    "\"exp\":1700000600,\"metadata\":\"" ABOUT
	    "\",\"video\":{\"room\":\"conversation-" CONVERSATION
	    "\",\"roomJoin\":true,\"canPublish\":false,"
	    "\"canPublishData\":false,\"canSubscribe\":true,"
	    "\"hidden\":true}}",
	    "a listener may only hear, and is not seen");
}

static void
test_room(struct arena *arena)
{
	struct livekit_access access = access_of("x");
	struct id id = { { 0 } };
	const char *room = livekit_room(arena, &access.conversation);

	is_int(livekit_conversation(room, &id), OK, "a room's name leads");
	ok(id_equal(&id, &access.conversation), "to its conversation");
	is_int(livekit_conversation(CONVERSATION, &id), NOT_FOUND,
	    "an id alone is no room of ours");
	is_int(livekit_conversation("conversation-x", &id), NOT_FOUND,
	    "nor is what has none");
	is_int(livekit_conversation("", &id), NOT_FOUND, "nor is nothing");
}

/* A token over the body, with other claims or another secret. */
static const char *
sign(struct arena *arena, const char *secret, const char *claims)
{
	struct json_object *object;
	struct json_fault fault;

	if (json_parse(arena, claims, strlen(claims), &object, &fault) != OK)
		abort();
	return jwt_sign(arena, secret, object);
}

static bool
holds(struct arena *arena, const char *token, const char *body)
{
	return livekit_is_signed(
	    arena, token, "secret", body, strlen(body), NOW);
}

static void
test_signature(struct arena *arena)
{
	unsigned char digest[SECRET_DIGEST];
	const char *good, *late, *claims;

	secret_digest("{\"a\":1}", 7, digest);
	claims = arena_format(arena,
	    "{\"iss\":\"APItest\",\"exp\":1700000300,\"sha256\":\"%s\"}",
	    secret_base64(arena, digest, sizeof(digest)));
	good = sign(arena, "secret", claims);
	late = sign(arena, "secret",
	    arena_format(arena, "{\"exp\":1699999900,\"sha256\":\"%s\"}",
		secret_base64(arena, digest, sizeof(digest))));
	is_text(livekit_key(arena, good), "APItest", "a token names its key");
	is_text(livekit_key(arena, "x"), NULL, "what is none names none");
	is_text(livekit_key(arena, NULL), NULL, "nor does nothing");
	ok(holds(arena, good, "{\"a\":1}"), "it signs its body");
	ok(!holds(arena, good, "{\"a\":2}"), "and no other");
	ok(!holds(arena, good, ""), "and not none");
	ok(!holds(arena, NULL, "{\"a\":1}"), "without a token nothing is");
	ok(!holds(arena, late, "{\"a\":1}"), "nor by one that has expired");
	ok(!holds(arena, sign(arena, "other", claims), "{\"a\":1}"),
	    "nor by another secret");
	ok(!holds(arena, sign(arena, "secret", "{\"exp\":1700000300}"),
	       "{\"a\":1}"),
	    "nor by one that signs no body");
}

static enum outcome
read_event(struct arena *arena, const char *json, struct livekit_event *event)
{
	struct faults faults;
	struct reader reader = { .arena = arena, .faults = &faults };
	struct json_object *document;
	struct json_fault fault;

	faults_init(&faults, arena);
	*event = (struct livekit_event){ 0 };
	if (json_parse(arena, json, strlen(json), &document, &fault) != OK)
		return FAULT;
	return field_read(&reader, &livekit_event_schema, document, "", event);
}

#define OF(who) "\"participant\":{\"identity\":\"" who "\"}"

/* clang-format off */
static const struct {
	const char *json;
	enum progress from;
	int to; /* -1: nothing changes */
	const char *name;
} events[] = {
	{ "{\"event\":\"participant_joined\"," OF("ann") "}",
	    PROGRESS_TOKEN_CREATED, PROGRESS_IN_PROGRESS, "the user joins" },
	{ "{\"event\":\"participant_joined\"," OF("ann") "}",
	    PROGRESS_IN_PROGRESS, -1, "the user joins again" },
	{ "{\"event\":\"participant_joined\"," OF("ann") "}",
	    PROGRESS_COMPLETED, -1, "the user joins after the end" },
	{ "{\"event\":\"participant_joined\"," OF("agent-1") "}",
	    PROGRESS_TOKEN_CREATED, -1, "the agent joins" },
	{ "{\"event\":\"participant_joined\"," OF("Ann") "}",
	    PROGRESS_TOKEN_CREATED, -1, "somebody like the user joins" },
	{ "{\"event\":\"participant_joined\"}",
	    PROGRESS_TOKEN_CREATED, -1, "nobody joins" },
	{ "{\"event\":\"participant_joined\",\"participant\":null}",
	    PROGRESS_TOKEN_CREATED, -1, "null joins" },
	{ "{\"event\":\"participant_left\"," OF("ann") "}",
	    PROGRESS_IN_PROGRESS, PROGRESS_COMPLETED, "the user leaves" },
	{ "{\"event\":\"participant_left\"," OF("ann") "}",
	    PROGRESS_TOKEN_CREATED, PROGRESS_COMPLETED,
	    "the user leaves before it is known that they came" },
	{ "{\"event\":\"participant_left\"," OF("ann") "}",
	    PROGRESS_COMPLETED, -1, "the user leaves again" },
	{ "{\"event\":\"participant_left\"," OF("agent-1") "}",
	    PROGRESS_IN_PROGRESS, -1, "the agent leaves" },
	{ "{\"event\":\"participant_left\",\"participant\":{\"identity\":"
	    "\"ann\",\"disconnectReason\":\"DUPLICATE_IDENTITY\"}}",
	    PROGRESS_IN_PROGRESS, -1, "the user opens another window" },
	{ "{\"event\":\"participant_left\",\"participant\":{\"identity\":"
	    "\"ann\",\"disconnectReason\":\"MIGRATION\"}}",
	    PROGRESS_IN_PROGRESS, -1, "the user is moved" },
	{ "{\"event\":\"participant_left\",\"participant\":{\"identity\":"
	    "\"ann\",\"disconnectReason\":\"CLIENT_INITIATED\"}}",
	    PROGRESS_IN_PROGRESS, PROGRESS_COMPLETED, "the user hangs up" },
	{ "{\"event\":\"participant_left\",\"participant\":{\"identity\":"
	    "\"ann\",\"disconnectReason\":99}}",
	    PROGRESS_IN_PROGRESS, PROGRESS_COMPLETED,
	    "the user leaves for a reason without a word" },
	{ "{\"event\":\"participant_connection_aborted\"," OF("ann") "}",
	    PROGRESS_TOKEN_CREATED, -1, "the user cannot connect" },
	{ "{\"event\":\"participant_connection_aborted\"," OF("ann") "}",
	    PROGRESS_IN_PROGRESS, -1, "the user cannot connect once more" },
	{ "{\"event\":\"room_finished\",\"createdAt\":\"1700000000\"}",
	    PROGRESS_IN_PROGRESS, PROGRESS_COMPLETED, "the room is closed" },
	{ "{\"event\":\"room_finished\",\"createdAt\":1700000000}",
	    PROGRESS_TOKEN_CREATED, PROGRESS_UNANSWERED,
	    "the room is closed and the user never came" },
	{ "{\"event\":\"room_finished\"}",
	    PROGRESS_UNANSWERED, -1, "the room is closed again" },
	{ "{\"event\":\"room_started\"}",
	    PROGRESS_TOKEN_CREATED, -1, "the room is made" },
	{ "{\"event\":\"novelty\"}",
	    PROGRESS_IN_PROGRESS, -1, "what is not known happens" },
};
/* clang-format on */

static void
test_events(struct arena *arena)
{
	struct livekit_event event;
	enum progress to;
	size_t i;

	for (i = 0; i < COUNT(events); i++) {
		to = PROGRESS_N;
		if (read_event(arena, events[i].json, &event) != OK)
			abort();
		is_int(livekit_progress(&event, "ann", events[i].from, &to),
		    events[i].to < 0 ? NOT_FOUND : OK, "%s", events[i].name);
		is_int(to, events[i].to < 0 ? PROGRESS_N : events[i].to,
		    "%s: where that leads", events[i].name);
	}
	is_int(
	    read_event(arena, "{}", &event), INVALID, "an event has to be one");
}

static void
test_presence(struct arena *arena)
{
	struct livekit_event event;

	if (read_event(arena,
		"{\"event\":\"participant_left\",\"createdAt\":\"1700000000\","
		OF("ann") "}",
		&event) != OK)
		abort();
	ok(livekit_is_left(&event, "ann"), "the user left");
	ok(!livekit_is_left(&event, "bob"), "and nobody else");
	ok(!livekit_is_joined(&event, "ann"), "which is not to join");
	is_int(livekit_moment(&event, 5), INT64_C(1700000000000000),
	    "when it happened is told");
	if (read_event(arena,
		"{\"event\":\"participant_left\",\"createdAt\":\"-\","
		"\"participant\":{\"identity\":\"ann\","
		"\"disconnectReason\":\"MIGRATION\"}}",
		&event) != OK)
		abort();
	ok(!livekit_is_left(&event, "ann"), "who is in the room still is not"
					    " waited for");
	is_int(livekit_moment(&event, 5), 5, "or it is when that was heard");
	if (read_event(arena, "{\"event\":\"participant_joined\"," OF("ann")
			      "}", &event) != OK)
		abort();
	ok(livekit_is_joined(&event, "ann"), "the user joined");
	ok(!livekit_is_joined(&event, "bob"), "and nobody else");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_presence(arena);
	test_token(arena);
	test_room(arena);
	test_signature(arena);
	test_events(arena);
	arena_free(arena);
	return done();
}
