#include "base/base.h"

#include "store/handoff.h"

#include "base/when.h"
#include "db/stmt.h"
#include "model/webhook.h"
#include "store/conversation.h"
#include "store/message.h"
#include "store/webhook.h"
#include "store/work.h"

static const char stopped[] = "{\"stopped\":\"a person has taken over\"}";

static enum outcome
tell(struct db *db, struct arena *arena, const struct thread *thread,
    const char *url, const char *reason)
{
	const struct conversation *conversation = &thread->conversation;
	struct rows rows;
	struct list messages;
	struct id ignored;
	enum outcome rc;

	if (url == NULL)
		return OK;
	rc = message_list(db, arena, &conversation->account_id,
	    &conversation->id, &conversation->pair, &rows);
	if (rc != OK)
		return rc;
	messages = (struct list){ rows.list, rows.count };
	return webhook_enqueue(db, arena, conversation, url,
	    webhook_handoff_text(arena, conversation, &messages, reason),
	    &ignored);
}

static enum outcome
stop(struct db *db, struct id *work)
{
	const struct id id = *work;

	*work = (struct id){ 0 };
	return id_is_none(&id) ? OK : work_stop(db, &id, stopped);
}

enum outcome
handoff_begin(struct db *db, struct arena *arena, struct thread *thread,
    const struct handoff *handoff)
{
	struct conversation *conversation = &thread->conversation;
	bool begins = conversation->human_handoff_at == 0;
	int64_t now = when_now();
	enum outcome rc = stop(db, &conversation->silence_work_id);

	if (rc == OK)
		rc = stop(db, &conversation->turn_work_id);
	if (rc != OK)
		return rc;
	conversation->updated_at = now;
	conversation_hand_off(conversation,
	    begins ? now : conversation->human_handoff_at,
	    handoff->reason != NULL ? handoff->reason
				    : conversation->human_handoff_reason,
	    handoff->metadata,
	    handoff->webhook != NULL ? handoff->webhook
				     : conversation->human_handoff_webhook);
	rc = conversation_save(db, conversation);
	if (rc != OK || !begins)
		return rc;
	return tell(db, arena, thread,
	    conversation_webhook(conversation, thread->webhook),
	    conversation->human_handoff_reason);
}

/* The one who was told of the beginning is told of the end. */
enum outcome
handoff_end(struct db *db, struct arena *arena, struct thread *thread,
    const struct silence *silence)
{
	struct conversation *conversation = &thread->conversation;
	const char *url = conversation_webhook(conversation, thread->webhook);
	enum outcome rc;

	if (conversation->human_handoff_at == 0)
		return OK;
	conversation_take_back(arena, conversation);
	conversation->updated_at = when_now();
	rc = conversation_save(db, conversation);
	if (rc == OK && conversation->user_seq != conversation->last_seq)
		rc = thread_start_clock(
		    db, arena, conversation, silence, conversation->last_seq);
	return rc == OK ? tell(db, arena, thread, url, NULL) : rc;
}
