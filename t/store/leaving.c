/*
 * Messages on their way: their mark, and whose turn it is.
 */
#include "base/base.h"

#include "model/conversation.h"
#include "model/send.h"
#include "model/work.h"
#include "store/conversation.h"
#include "store/leaving.h"
#include "store/message.h"
#include "store/work.h"

#include "database.h"

/* A message that leaves, with its work. */
struct item {
	struct message message;
	struct work work;
	struct send_order order;
};

static struct conversation
converse(struct database *d, const char *user)
{
	struct conversation conversation = {
		.id = id_new(),
		.account_id = d->account,
		.pair = { 0, user, "+15550001111" },
		.status = CONVERSATION_OPEN,
		.is_active = true,
		.created_at = 1,
		.updated_at = 1,
	};

	must(conversation_insert(d->db, &conversation));
	return conversation;
}

static struct item
say(struct database *d, const struct conversation *conversation, int64_t seq)
{
	struct item item = { .message = {
				 .id = id_new(),
				 .conversation_id = conversation->id,
				 .seq = seq,
				 .sender = SENDER_AGENT,
				 .status = MESSAGE_PENDING,
				 .text = "Hello",
				 .segments = 1,
				 .created_at = 1,
			     } };
	char id[ID_TEXT];

	id_write(&item.message.id, id);
	item.order = (struct send_order){
		.message_id = item.message.id,
		.seq = seq,
		.starts_clock = true,
	};
	item.work = (struct work){
		.id = id_new(),
		.account_id = d->account,
		.subject_id = conversation->id,
		.kind = WORK_SEND,
		.state = WORK_WAITING,
		.due = 1,
		.payload = arena_format(d->arena,
		    "{\"message_id\":\"%s\",\"seq\":%lld,"
		    "\"starts_clock\":true}",
		    id, (long long)seq),
	};
	must(message_insert(d->db, &d->account, &item.message));
	must(work_insert(d->db, &item.work));
	return item;
}

static enum outcome
turn(struct database *d, const struct conversation *conversation,
    const struct item *item)
{
	return leaving_turn(
	    d->db, d->arena, conversation, &item->work, &item->order);
}

static const char *
text(struct database *d, const char *column)
{
	return database_text(d->db, d->arena,
	    "SELECT CAST(%s AS CHAR) FROM message ORDER BY created_at, seq",
	    column);
}

static void
test_mark(struct database *d)
{
	struct conversation conversation = converse(d, "+15550002222");
	struct item item = say(d, &conversation, 1);
	struct leaving leaving;

	must(leaving_lock(
	    d->db, d->arena, &conversation, &item.order, &leaving));
	is_int(leaving.since, 0, "a new message has no mark");
	is_text(leaving.message.text, "Hello", "and its text");
	must(leaving_mark(d->db, &d->account, &item.message, 2000000));
	is_text(text(d, "status"), "queued", "one with a mark is queued");
	must(leaving_lock(
	    d->db, d->arena, &conversation, &item.order, &leaving));
	is_int(leaving.since, 2000000, "and says since when");
	must(leaving_unmark(d->db, &d->account, &item.message));
	must(leaving_lock(
	    d->db, d->arena, &conversation, &item.order, &leaving));
	is_int(leaving.since, 0, "the mark is taken away");
	must(leaving_fail(d->db, &d->account, &item.message, "21610"));
	is_text(text(d, "status"), "failed", "what is given up has failed");
	is_text(text(d, "error_code"), "21610", "with its code");
	is_outcome(leaving_mark(d->db, &d->account, &item.message, 3),
	    NOT_FOUND, "and gets no mark");
	database_do(d->db, "UPDATE message SET status = 'delivered'");
	must(leaving_fail(d->db, &d->account, &item.message, "1"));
	is_text(text(d, "status"), "delivered", "what has left does not fail");
	item.order.message_id = id_new();
	is_outcome(
	    leaving_lock(d->db, d->arena, &conversation, &item.order, &leaving),
	    NOT_FOUND, "another id is another message");
	database_do(d->db, "DELETE FROM work");
}

static void
test_turn(struct database *d)
{
	struct conversation first = converse(d, "+15550003333"), second, other;
	struct item one = say(d, &first, 1), two = say(d, &first, 2), three;
	struct item beside;

	other = converse(d, "+15550004444");
	beside = say(d, &other, 1);
	is_outcome(turn(d, &first, &one), OK, "the first may leave");
	is_outcome(turn(d, &first, &two), CONFLICT, "the second waits for it");
	is_outcome(
	    turn(d, &other, &beside), OK, "another pair waits for nobody");
	database_do(d->db,
	    "UPDATE conversation SET is_open = NULL, status = 'ended'"
	    " WHERE user_key = '+15550003333'");
	second = converse(d, "+15550003333");
	three = say(d, &second, 1);
	is_outcome(turn(d, &second, &three), CONFLICT,
	    "the pair's next conversation waits for the one before");
	is_outcome(turn(d, &first, &one), OK, "and not the other way round");
	database_do(d->db, "UPDATE work SET state = 'dead' WHERE id = X'%s'",
	    secret_hex(d->arena, one.work.id.bytes, ID_BYTES));
	is_outcome(turn(d, &first, &two), OK,
	    "what was given up is waited for by nobody");
}

int
main(void)
{
	struct database d;

	database_open(&d);
	test_mark(&d);
	test_turn(&d);
	database_close(&d);
	return done();
}
