#include "base/base.h"

#include "api/hooks_livekit.h"

#include "api/answer.h"
#include "api/call.h"
#include "api/provider.h"
#include "base/when.h"
#include "db/tx.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "model/livekit.h"
#include "model/silence.h"
#include "store/conversation.h"
#include "store/thread.h"

/* As long as LiveKit keeps a room that everybody has left, by itself. */
#define RETURN (20 * WHEN_SECOND)

/* Finds the account of whoever signed the body.  INVALID: 403, whatever the
 * cause. */
static enum outcome
check_signature(struct call *call, struct id *account)
{
	const struct request *request = &call->request;
	const char *token = request->authorization, *secret;
	enum outcome rc = provider_find(call, CARRIER_LIVEKIT,
	    livekit_key(call->arena, token), account, &secret);

	if (rc != OK)
		return rc;
	if (livekit_is_signed(call->arena, token, secret, request->body,
		request->body_length, request->received_at))
		return OK;
	return call_refuse(call, FORBIDDEN, NULL,
	    "the authorization is not a token of the account's LiveKit server"
	    " over this body");
}

static enum outcome
go_on(struct call *call, struct conversation *conversation, enum progress to)
{
	struct id ignored;

	conversation->progress = (int)to;
	if (progress_is_final(to))
		return thread_end(call->db, call->arena, conversation,
		    CONVERSATION_ENDED,
		    to == PROGRESS_UNANSWERED ? "nobody joined"
					      : "the room was closed",
		    &ignored);
	conversation->updated_at = conversation->answered_at = when_now();
	return conversation_save(call->db, conversation);
}

static enum outcome
save(struct call *call, struct conversation *conversation)
{
	conversation->updated_at = when_now();
	return conversation_save(call->db, conversation);
}

/* They may come back: nothing has ended yet.  What comes again sets no later
 * end. */
static enum outcome
await_return(struct call *call, struct conversation *conversation)
{
	int64_t received = call->request.received_at;
	const struct silence_clock clock = {
		.seq = conversation->last_seq,
		.stage = SILENCE_LEFT,
		.since = livekit_moment(call->body, received),
	};
	struct silence_clock running;
	enum outcome rc =
	    thread_find_clock(call->db, call->arena, conversation, &running);

	if (rc == OK && running.stage == SILENCE_LEFT)
		return OK;
	if (rc == OK || rc == NOT_FOUND)
		rc = thread_set_clock(call->db, call->arena, conversation,
		    &clock, received + RETURN);
	return rc == OK ? save(call, conversation) : rc;
}

/* Unless it tells of the time before they left. */
static enum outcome
welcome_back(struct call *call, struct conversation *conversation)
{
	int64_t moment = livekit_moment(call->body, call->request.received_at);
	struct silence_clock running;
	enum outcome rc =
	    thread_find_clock(call->db, call->arena, conversation, &running);

	if (rc != OK || running.stage != SILENCE_LEFT || moment < running.since)
		return rc;
	rc = thread_stop_clock(
	    call->db, call->arena, conversation, "the user came back");
	return rc == OK ? save(call, conversation) : rc;
}

static enum outcome
apply(struct call *call, struct conversation *conversation)
{
	const struct livekit_event *event = call->body;
	const char *user = conversation->pair.user;
	enum progress to;
	enum outcome rc = livekit_progress(
	    event, user, (enum progress)conversation->progress, &to);

	if (rc == OK && livekit_is_left(event, user))
		return await_return(call, conversation);
	if (rc == OK)
		rc = go_on(call, conversation, to);
	if ((rc == OK || rc == NOT_FOUND) && conversation->is_active &&
	    livekit_is_joined(event, user))
		rc = welcome_back(call, conversation);
	return rc;
}

/* Events of other rooms, of other accounts' and of kinds that we do not know
 * are taken and left.  None is kept by its id: one that comes twice finds the
 * conversation where it leads. */
enum outcome
hooks_livekit(struct call *call)
{
	const struct livekit_event *event = call->body;
	struct answer_status *answer = call->answer;
	struct conversation conversation;
	struct id account, id;
	enum outcome rc = check_signature(call, &account);

	if (rc != OK)
		return rc;
	call->settled = tx_repeat;
	answer->status = "ok";
	if (event->room.name == NULL ||
	    livekit_conversation(event->room.name, &id) != OK)
		return OK;
	rc = conversation_lock(
	    call->db, call->arena, &account, &id, &conversation);
	if (rc == OK && conversation.pair.channel != CHANNEL_WEBRTC)
		rc = NOT_FOUND;
	if (rc == OK)
		rc = apply(call, &conversation);
	return rc == NOT_FOUND ? OK : rc;
}
