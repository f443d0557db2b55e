/*
 * The traces of turns: those that were kept are read in order and in parts,
 * and the conversations of a pathway are found by when they were opened.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/when.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "store/conversation.h"
#include "store/turns.h"

#include "database.h"
#include "tap.h"

#define MOMENT INT64_C(1795000000000000)

static struct turn_record
make_turn(struct database *d, const struct id *conversation, int outcome,
    const char *trace)
{
	const struct turn_record record = {
		.id = id_new(),
		.account_id = d->account,
		.conversation_id = *conversation,
		.work_id = id_new(),
		.event = "texted",
		.outcome = outcome,
		.trace = trace,
		.started_at = MOMENT,
		.ended_at = MOMENT,
	};

	must(turns_insert(d->db, &record));
	return record;
}

static void
test_done(struct database *d)
{
	const struct id conversation = id_new(), other = id_new();
	struct turn_record first =
	    make_turn(d, &conversation, TURN_DONE, "[1]");
	struct turn_record last;
	const struct turn_record *list;
	struct turns_size size;
	struct rows rows;

	(void)make_turn(d, &conversation, TURN_DISCARDED, "[2]");
	(void)make_turn(d, &conversation, TURN_FAILED, "[3]");
	last = make_turn(d, &conversation, TURN_DONE, "[1,2]");
	(void)make_turn(d, &other, TURN_DONE, "[]");
	must(turns_measure(d->db, d->arena, &d->account, &conversation, &size));
	is_int(size.turns, 2, "those that were kept are counted");
	is_int(size.bytes, 8, "and measured");
	must(
	    turns_measure(d->db, d->arena, &d->stranger, &conversation, &size));
	is_int(size.turns + size.bytes, 0, "another account has none");
	must(turns_list_done(
	    d->db, d->arena, &d->account, &conversation, NULL, 9, &rows));
	list = rows.list;
	is_int((int64_t)rows.count, 2, "they are read");
	ok(id_equal(&list[0].id, &first.id) && id_equal(&list[1].id, &last.id),
	    "in their order");
	must(turns_list_done(
	    d->db, d->arena, &d->account, &conversation, &first.id, 9, &rows));
	list = rows.list;
	ok(rows.count == 1 && id_equal(&list[0].id, &last.id),
	    "and on from one of them");
	must(turns_list_done(
	    d->db, d->arena, &d->account, &conversation, NULL, 1, &rows));
	is_int((int64_t)rows.count, 1, "so many at a time");
	must(turns_list_done(
	    d->db, d->arena, &d->stranger, &conversation, NULL, 9, &rows));
	is_int((int64_t)rows.count, 0, "and by nobody else");
}

static void
add_conversation(
    struct database *d, const char *user, const char *pathway, int64_t at)
{
	const struct conversation conversation = {
		.id = id_new(),
		.account_id = d->account,
		.pair = { CHANNEL_SMS, user, "+1a" },
		.is_active = true,
		.position = { .pathway_id = pathway },
		.created_at = at,
		.updated_at = at,
		.last_message_at = at,
	};

	must(conversation_insert(d->db, &conversation));
}

static void
test_pathway(struct database *d)
{
	const struct conversation *list;
	struct rows rows;

	add_conversation(d, "+11", "p", MOMENT);
	add_conversation(d, "+12", "p", MOMENT + 1);
	add_conversation(d, "+13", "p", MOMENT + 2);
	add_conversation(d, "+14", "q", MOMENT + 1);
	must(conversation_list_pathway(
	    d->db, d->arena, &d->account, "p", MOMENT, MOMENT + 2, 9, &rows));
	list = rows.list;
	is_int((int64_t)rows.count, 2,
	    "conversations are found by pathway and time");
	is_text(list[0].pair.user, "+12", "the latest first");
	must(conversation_list_pathway(
	    d->db, d->arena, &d->account, "p", MOMENT, MOMENT + 3, 1, &rows));
	is_int((int64_t)rows.count, 1, "as many as are wanted");
	must(conversation_list_pathway(
	    d->db, d->arena, &d->stranger, "p", MOMENT, MOMENT + 3, 9, &rows));
	is_int((int64_t)rows.count, 0, "by their account alone");
}

int
main(void)
{
	struct database database;

	database_open(&database);
	test_done(&database);
	test_pathway(&database);
	database_close(&database);
	return done();
}
