/*
 * A conversation that no message writes: the agent is to open it.
 */
#include "base/base.h"

#include "base/when.h"
#include "model/channel.h"
#include "store/conversation.h"
#include "store/thread.h"

#include "database.h"
#include "tap.h"

#define AGENT "+15550100001"

static int64_t
count_number(struct database *d)
{
	return database_number(
	    d->db, "SELECT COALESCE(SUM(conversations), 0) FROM number_count");
}

static void
test_write(struct database *d)
{
	struct pair pair = { CHANNEL_SMS, "+1write", AGENT };
	struct thread thread, twin;
	struct conversation found;
	int64_t before = when_now(), count = count_number(d);

	must(thread_open(d->db, d->arena, &d->account, &pair, false, &thread));
	must(thread_open(d->db, d->arena, &d->account, &pair, false, &twin));
	is_outcome(thread_write(d->db, &thread), OK,
	    "a conversation can be written without a message");
	must(conversation_find(
	    d->db, d->arena, &d->account, &thread.conversation.id, &found));
	ok(found.is_active && found.created_at >= before &&
		found.updated_at == found.created_at,
	    "it is open, and was made now");
	ok(found.message_count == 0 && found.last_message_at == 0,
	    "without a message");
	is_int(count_number(d), count + 1, "the number counts it");
	is_outcome(thread_write(d->db, &twin), AGAIN,
	    "one that another was faster to open is tried again");
	thread.is_new = false;
	thread.conversation.objective = "changed";
	is_outcome(thread_write(d->db, &thread), OK, "it is written again");
	must(conversation_find(
	    d->db, d->arena, &d->account, &thread.conversation.id, &found));
	is_text(found.objective, "changed", "with what was changed");
	ok(found.created_at < found.updated_at, "and the time of it");
	is_int(count_number(d), count + 1, "but not counted again");
}

int
main(void)
{
	struct database d;

	database_open(&d);
	test_write(&d);
	database_close(&d);
	return done();
}
