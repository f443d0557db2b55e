#include "base/base.h"

#include "api/conversation_text.h"

#include "api/call.h"
#include "api/conversation_opening.h"
#include "api/conversation_talk.h"
#include "base/arena.h"
#include "base/text.h"
#include "base/when.h"
#include "db/stmt.h"
#include "model/message.h"
#include "model/progress.h"
#include "model/work.h"
#include "store/conversation.h"
#include "store/message.h"

static enum outcome
finish(struct call *call, const struct work *works)
{
	struct opening *opening = (struct opening *)call->await.context;
	const char *said = "";
	enum outcome rc =
	    conversation_find(call->db, call->arena, &call->key.account_id,
		&works[0].subject_id, &opening->thread.conversation);

	if (rc != OK)
		return rc;
	if (works[0].state == WORK_DONE)
		said = conversation_said(call, &works[0]);
	opening->answer->starting_message = text_is_blank(said) ? NULL : said;
	opening_view(call, opening);
	return OK;
}

static void
wait_for(struct call *call, struct opening *opening, const struct id *work)
{
	struct opening *kept = arena_alloc(call->arena, sizeof(*kept));
	struct id *id = arena_alloc(call->arena, sizeof(*id));

	*kept = *opening;
	*id = *work;
	call->await = (struct await){ id, 1, kept, false, finish };
}

/* The agent thinks of its first words. */
static enum outcome
ask_agent(struct call *call, struct opening *opening)
{
	struct conversation *conversation = &opening->thread.conversation;
	enum outcome rc = await_begin(call);

	if (rc == OK)
		rc = thread_ask_turn(
		    call->db, call->arena, conversation, "opened", when_now());
	if (rc == OK)
		rc = thread_write(call->db, &opening->thread);
	if (rc == OK)
		wait_for(call, opening, &conversation->turn_work_id);
	return rc;
}

static enum outcome
open_text(struct call *call, struct opening *opening)
{
	struct saying saying = { .sender = SENDER_AGENT, .starts_clock = true };
	struct message message;
	enum outcome rc;

	opening->thread.conversation.progress = PROGRESS_IN_PROGRESS;
	saying.text = opening_greeting(call, opening);
	if (saying.text == NULL)
		return ask_agent(call, opening);
	rc = thread_say(
	    call->db, call->arena, &opening->thread, &saying, &message);
	if (rc == OK)
		rc = thread_start_clock(call->db, call->arena,
		    &opening->thread.conversation,
		    &opening->conduct.config.silence, message.seq);
	opening->answer->starting_message = message.text;
	return rc;
}

/* The first thing that was said, if the agent said it; it may be about to. */
static enum outcome
show_text(struct call *call, struct opening *opening)
{
	const struct conversation *conversation = &opening->thread.conversation;
	const struct message *list;
	struct rows rows;
	enum outcome rc;

	if (conversation->last_seq == 0 &&
	    !id_is_none(&conversation->turn_work_id)) {
		wait_for(call, opening, &conversation->turn_work_id);
		return await_begin(call);
	}
	rc = message_list(call->db, call->arena, &call->key.account_id,
	    &conversation->id, &conversation->pair, &rows);
	list = rows.list;
	if (rc == OK && rows.count > 0 && list[0].sender == SENDER_AGENT)
		opening->answer->starting_message = list[0].text;
	return rc;
}

const struct opening_channel conversation_text = {
	.open = open_text,
	.show = show_text,
	.status = 200,
};
