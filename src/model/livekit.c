#include "base/base.h"

#include "model/livekit.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/when.h"
#include "model/field.h"
#include "model/jwt.h"

#include <string.h>

#define JOINED "participant_joined"
#define LEFT "participant_left"

static const char room_prefix[] = "conversation-";

/* The claims of a token, by the names of LiveKit's protocol. */

struct grant {
	const char *room;
	bool room_join, can_publish, can_publish_data, can_subscribe, hidden;
};

struct dispatch {
	const char *agent_name, *metadata;
};

struct room_config {
	struct list agents; /* struct dispatch */
};

struct claims {
	const char *key, *identity, *name, *metadata;
	int64_t from, until; /* seconds since 1970 */
	struct grant video;
	const struct room_config *room_config; /* NULL: as the server has it */
};

/* What an agent, or whoever joins, is told of the room. */
struct about {
	struct id conversation;
};

#define GRANT(member) FIELD_AT(struct grant, member)
#define CLAIM(member) FIELD_AT(struct claims, member)
#define EVENT(member) FIELD_AT(struct livekit_event, member)

/* clang-format off */
static const struct field grant_fields[] = {
	{ "room", FIELD_TEXT, 0, GRANT(room) },
	{ "roomJoin", FIELD_BOOLEAN, 0, GRANT(room_join) },
	{ "canPublish", FIELD_BOOLEAN, 0, GRANT(can_publish) },
	{ "canPublishData", FIELD_BOOLEAN, 0, GRANT(can_publish_data) },
	{ "canSubscribe", FIELD_BOOLEAN, 0, GRANT(can_subscribe) },
	{ "hidden", FIELD_BOOLEAN, 0, GRANT(hidden) },
};

static const struct field dispatch_fields[] = {
	{ "agentName", FIELD_TEXT, 0, FIELD_AT(struct dispatch, agent_name) },
	{ "metadata", FIELD_TEXT, 0, FIELD_AT(struct dispatch, metadata) },
};

static const struct schema grant_schema =
    SCHEMA("LivekitGrant", grant_fields, struct grant);
static const struct schema dispatch_schema =
    SCHEMA("LivekitDispatch", dispatch_fields, struct dispatch);

static const struct field room_fields[] = {
	{ "agents", FIELD_LIST, 0, FIELD_AT(struct room_config, agents),
	    .schema = &dispatch_schema },
};

static const struct schema room_schema =
    SCHEMA("LivekitRoom", room_fields, struct room_config);

static const struct field claims_fields[] = {
	{ "iss", FIELD_TEXT, 0, CLAIM(key) },
	{ "sub", FIELD_TEXT, 0, CLAIM(identity) },
	{ "nbf", FIELD_INTEGER, 0, CLAIM(from) },
	{ "exp", FIELD_INTEGER, 0, CLAIM(until) },
	{ "name", FIELD_TEXT, FIELD_SPARSE, CLAIM(name) },
	{ "metadata", FIELD_TEXT, 0, CLAIM(metadata) },
	{ "video", FIELD_STRUCT, 0, CLAIM(video), .schema = &grant_schema },
	{ "roomConfig", FIELD_STRUCT, FIELD_SPARSE | FIELD_POINTER,
	    CLAIM(room_config), .schema = &room_schema },
};

static const struct schema claims_schema =
    SCHEMA("LivekitClaims", claims_fields, struct claims);

static const struct field about_fields[] = {
	{ "conversation_id", FIELD_ID, 0,
	    FIELD_AT(struct about, conversation) },
};

static const struct schema about_schema =
    SCHEMA("LivekitAbout", about_fields, struct about);

static const struct field named_fields[] = {
	{ "name", FIELD_TEXT, FIELD_NULLABLE,
	    FIELD_AT(struct livekit_named, name) },
};

static const struct field participant_fields[] = {
	{ "identity", FIELD_TEXT, FIELD_NULLABLE,
	    FIELD_AT(struct livekit_participant, identity) },
	{ "disconnectReason", FIELD_TEXT, FIELD_NULLABLE | FIELD_OR_NUMBER,
	    FIELD_AT(struct livekit_participant, disconnect_reason) },
};

static const struct schema named_schema =
    SCHEMA("LivekitNamed", named_fields, struct livekit_named);
static const struct schema participant_schema =
    SCHEMA("LivekitParticipant", participant_fields,
	struct livekit_participant);

static const struct field event_fields[] = {
	{ "event", FIELD_TEXT, FIELD_REQUIRED, EVENT(event), 1, 64 },
	{ "createdAt", FIELD_TEXT, FIELD_NULLABLE | FIELD_OR_NUMBER,
	    EVENT(created_at) },
	{ "room", FIELD_STRUCT, FIELD_NULLABLE, EVENT(room),
	    .schema = &named_schema },
	{ "participant", FIELD_STRUCT, FIELD_NULLABLE, EVENT(participant),
	    .schema = &participant_schema },
};

/* Where each event leads; of a participant it has to be the user.  Those
 * who could not connect may try again, and change nothing. */
static const struct {
	const char *event;
	bool is_users;
	enum progress to;
} steps[] = {
	{ JOINED, true, PROGRESS_IN_PROGRESS },
	{ LEFT, true, PROGRESS_COMPLETED },
	{ "room_finished", false, PROGRESS_COMPLETED },
};

/* Why one leaves who is in the room again, or still. */
static const char *const returning[] = {
	"DUPLICATE_IDENTITY", /* by another of their windows */
	"MIGRATION",          /* by another server */
};
/* clang-format on */

const struct schema livekit_event_schema =
    SCHEMA("LivekitEvent", event_fields, struct livekit_event);

const char *
livekit_room(struct arena *arena, const struct id *conversation)
{
	return arena_format(
	    arena, "%s%s", room_prefix, id_text(arena, conversation));
}

enum outcome
livekit_conversation(const char *room, struct id *conversation)
{
	if (!text_starts(room, room_prefix) ||
	    id_parse(room + strlen(room_prefix), conversation) != OK)
		return NOT_FOUND;
	return OK;
}

const char *
livekit_token(struct arena *arena, const struct livekit_access *access)
{
	const struct about about = { access->conversation };
	const char *metadata = field_write_text(arena, &about_schema, &about);
	const struct dispatch dispatch = { access->agent_name, metadata };
	const struct room_config room = { { &dispatch, 1 } };
	bool speaks = !access->listens_only;
	const struct claims claims = {
		.key = access->key,
		.identity = access->identity,
		.name = speaks ? access->identity : NULL,
		.metadata = metadata,
		.from = access->from / WHEN_SECOND,
		.until = access->until / WHEN_SECOND,
		.video = {
			.room = livekit_room(arena, &access->conversation),
			.room_join = true,
			.can_publish = speaks,
			.can_publish_data = speaks,
			.can_subscribe = true,
			.hidden = !speaks,
		},
		.room_config = access->agent_name != NULL ? &room : NULL,
	};

	return jwt_sign(arena, access->secret,
	    json_own(arena, field_write(arena, &claims_schema, &claims)));
}

const char *
livekit_key(struct arena *arena, const char *token)
{
	struct jwt jwt;

	if (token == NULL || jwt_read(arena, token, &jwt) != OK)
		return NULL;
	return jwt_claim(&jwt, "iss");
}

bool
livekit_is_signed(struct arena *arena, const char *token, const char *secret,
    const void *body, size_t length, int64_t now)
{
	unsigned char digest[SECRET_DIGEST];
	const char *wanted, *given;
	struct jwt jwt;

	if (token == NULL || jwt_read(arena, token, &jwt) != OK)
		return false;
	secret_digest(body, length, digest);
	wanted = secret_base64(arena, digest, sizeof(digest));
	given = jwt_claim(&jwt, "sha256");
	return jwt_is_signed(&jwt, secret) && jwt_is_timely(&jwt, now) &&
	       given != NULL && strlen(given) == strlen(wanted) &&
	       secret_equal(given, wanted, strlen(wanted));
}

static bool
returns(const struct livekit_participant *participant)
{
	const char *reason = participant->disconnect_reason;
	size_t i;

	for (i = 0; reason != NULL && i < COUNT(returning); i++)
		if (text_equal(reason, returning[i]))
			return true;
	return false;
}

static bool
is_of(const struct livekit_event *event, const char *user)
{
	const char *identity = event->participant.identity;

	return identity != NULL && text_equal(identity, user);
}

bool
livekit_is_joined(const struct livekit_event *event, const char *user)
{
	return text_equal(event->event, JOINED) && is_of(event, user);
}

bool
livekit_is_left(const struct livekit_event *event, const char *user)
{
	return text_equal(event->event, LEFT) && is_of(event, user) &&
	       !returns(&event->participant);
}

int64_t
livekit_moment(const struct livekit_event *event, int64_t received)
{
	int64_t seconds;

	if (event->created_at == NULL ||
	    text_to_integer(event->created_at, &seconds) != OK ||
	    seconds <= 0 || seconds > INT64_MAX / WHEN_SECOND)
		return received;
	return seconds * WHEN_SECOND;
}

enum outcome
livekit_progress(const struct livekit_event *event, const char *user,
    enum progress from, enum progress *to)
{
	enum progress next;
	size_t i;

	for (i = 0; i < COUNT(steps); i++)
		if (text_equal(steps[i].event, event->event))
			break;
	if (i == COUNT(steps))
		return NOT_FOUND;
	if (steps[i].is_users &&
	    (!is_of(event, user) || returns(&event->participant)))
		return NOT_FOUND;
	next = steps[i].to;
	/* A room that was made and left without the user. */
	if (!steps[i].is_users && from == PROGRESS_TOKEN_CREATED)
		next = PROGRESS_UNANSWERED;
	if (!progress_may(from, next))
		return NOT_FOUND;
	*to = next;
	return OK;
}
