#include "base/base.h"

#include "api/conversation_webrtc.h"

#include "api/call.h"
#include "api/conversation_opening.h"
#include "api/provider.h"
#include "base/arena.h"
#include "base/config.h"
#include "base/when.h"
#include "db/tx.h"
#include "model/channel.h"
#include "model/livekit.h"
#include "model/progress.h"
#include "model/url.h"
#include "store/carrier.h"
#include "store/conversation.h"

/* After the token's end, for whoever joins with it in the last moment: what
 * LiveKit tells of that takes a while. */
#define GRACE (60 * WHEN_SECOND)

/* How to get in. */
struct webrtc_room {
	const char *url; /* wss://... */
	const char *token;
	const char *room_name;
	int64_t expires_at; /* the token; who is in may stay */
};

#define AT(member) FIELD_AT(struct webrtc_room, member)

/* clang-format off */
static const struct field fields[] = {
	{ "url", FIELD_TEXT, 0, AT(url),
	    .about = "Of the LiveKit server, for its clients." },
	{ "token", FIELD_TEXT, 0, AT(token),
	    .about = "With which the room is joined." },
	{ "room_name", FIELD_TEXT, 0, AT(room_name) },
	{ "expires_at", FIELD_WHEN, 0, AT(expires_at),
	    .about = "Until then the token lets somebody in; who is in may"
	             " stay." },
};
/* clang-format on */

const struct schema webrtc_room_schema =
    SCHEMA("WebrtcRoom", fields, struct webrtc_room);

/* The account's server, and its secret. */
static enum outcome
find_server(struct call *call, struct carrier *carrier, const char **secret)
{
	enum outcome rc = carrier_find_kind(call->db, call->arena,
	    &call->key.account_id, CARRIER_LIVEKIT, carrier);

	if (rc == NOT_FOUND)
		return call_refuse(call, LIVEKIT_NOT_CONFIGURED, NULL,
		    "this account has no LiveKit server: POST /v1/carriers"
		    " with kind livekit, base_url, api_key and api_secret, and"
		    " then again");
	if (rc != OK)
		return rc;
	*secret = provider_secret(call, carrier);
	if ((*secret)[0] == '\0')
		return call_refuse(call, SERVICE_UNAVAILABLE, NULL,
		    "the LiveKit server's secret cannot be opened: the"
		    " operator has to set [secret] key_file to the key that it"
		    " was kept under");
	return OK;
}

/* Fills `room` for whoever `access` is about; its key, secret and times come
 * from here. */
static enum outcome
let_in(
    struct call *call, struct livekit_access *access, struct webrtc_room *room)
{
	int64_t lifetime = call->server->config->livekit_lifetime;
	struct carrier carrier;
	enum outcome rc = find_server(call, &carrier, &access->secret);

	if (rc != OK)
		return rc;
	access->key = carrier.account_sid;
	access->from = when_now();
	access->until = access->from + lifetime * WHEN_SECOND;
	*room = (struct webrtc_room){
		.url = url_of_socket(call->arena, carrier.base_url),
		.token = livekit_token(call->arena, access),
		.room_name = livekit_room(call->arena, &access->conversation),
		.expires_at = access->until / WHEN_SECOND * WHEN_SECOND,
	};
	return OK;
}

/* The user, for the first time or once more.  Where nobody has joined yet
 * the time until the conversation ends by itself begins anew. */
static enum outcome
join(struct call *call, struct opening *opening)
{
	struct conversation *conversation = &opening->thread.conversation;
	const struct agent_config *agent = opening->conduct.agent;
	struct conversation_opened *answer = opening->answer;
	struct livekit_access access = {
		.conversation = conversation->id,
		.identity = conversation->pair.user,
		.agent_name =
		    agent != NULL ? agent->properties.webrtc.agent_name : NULL,
	};
	struct webrtc_room room;
	struct silence_clock clock = { .stage = SILENCE_JOIN };
	enum outcome rc = let_in(call, &access, &room);

	if (rc != OK)
		return rc;
	answer->url = room.url;
	answer->token = room.token;
	answer->room_name = room.room_name;
	answer->expires_at = room.expires_at;
	if (conversation->progress != PROGRESS_TOKEN_CREATED)
		return OK;
	clock.seq = conversation->last_seq;
	clock.since = access.from;
	return thread_set_clock(call->db, call->arena, conversation, &clock,
	    room.expires_at + GRACE);
}

static enum outcome
open_webrtc(struct call *call, struct opening *opening)
{
	enum outcome rc;

	opening->thread.conversation.progress = PROGRESS_TOKEN_CREATED;
	rc = join(call, opening);
	return rc == OK ? thread_write(call->db, &opening->thread) : rc;
}

/* A fresh token, for a conversation that has not ended. */
static enum outcome
show_webrtc(struct call *call, struct opening *opening)
{
	struct conversation *conversation = &opening->thread.conversation;
	struct id id = conversation->id;
	enum outcome rc = conversation_lock(
	    call->db, call->arena, &call->key.account_id, &id, conversation);

	call->settled = tx_repeat;
	if (rc != OK ||
	    progress_is_final((enum progress)conversation->progress))
		return rc;
	rc = conduct_find(
	    call->db, call->arena, conversation, &opening->conduct);
	if (rc == OK || rc == NOT_FOUND)
		rc = join(call, opening);
	return rc == OK ? conversation_save(call->db, conversation) : rc;
}

const struct opening_channel conversation_webrtc = {
	.open = open_webrtc,
	.show = show_webrtc,
	.status = 200,
};

enum outcome
conversation_listener(struct call *call)
{
	struct id id, listener = id_new();
	struct conversation conversation;
	struct livekit_access access = { .listens_only = true };
	enum outcome rc =
	    call_path_id(call, 0, CONVERSATION_NOT_FOUND, "conversation", &id);

	if (rc == OK)
		rc = conversation_find(call->db, call->arena,
		    &call->key.account_id, &id, &conversation);
	rc = call_missing(
	    call, rc, CONVERSATION_NOT_FOUND, NULL, "conversation");
	if (rc != OK)
		return rc;
	if (conversation.pair.channel != CHANNEL_WEBRTC)
		return call_refuse(call, ROOM_NOT_FOUND, NULL,
		    "this conversation is on %s; only one on webrtc has a room",
		    names_text(&channel_names, conversation.pair.channel));
	if (!progress_is_active((enum progress)conversation.progress))
		return call_refuse(call, CONVERSATION_NOT_ACTIVE, NULL,
		    "this conversation is %s; one that is in_progress can be"
		    " listened to",
		    names_text(&progress_names, conversation.progress));
	access.conversation = id;
	access.identity = arena_format(
	    call->arena, "listener-%s", id_text(call->arena, &listener));
	return let_in(call, &access, call->answer);
}
