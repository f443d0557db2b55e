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
#include "store/conversation.h"
#include "store/thread.h"

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
					      : "the user left the room",
		    &ignored);
	conversation->updated_at = conversation->answered_at = when_now();
	return conversation_save(call->db, conversation);
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
	enum progress to;
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
		rc = livekit_progress(event, conversation.pair.user,
		    (enum progress)conversation.progress, &to);
	if (rc == OK)
		rc = go_on(call, &conversation, to);
	return rc == NOT_FOUND ? OK : rc;
}
