/*
 * Outcomes: every version stays, one account sees none of another's, and
 * what came of them is kept once for a conversation.
 */
#include "base/base.h"

#include "base/arena.h"
#include "store/disposition.h"

#include "database.h"
#include "tap.h"

static const struct disposition_field fields[] = {
	{ "booked", DISPOSITION_BOOLEAN, "a day was named" },
	{ "day", DISPOSITION_STRING, NULL },
};

static struct disposition
make(struct database *d, const char *id, const char *name)
{
	struct disposition made = {
		.id = id,
		.name = name,
		.fields = { fields, COUNT(fields) },
		.tag = "{\"name\":\"BOOKED\"}",
	};

	must(disposition_insert(d->db, d->arena, &d->account, &made));
	return made;
}

static void
test_versions(struct database *d)
{
	struct disposition made = make(d, "o1", "Booked"), found, *list;
	struct rows rows;

	is_outcome(disposition_find(d->db, d->arena, &d->account, "o1", &found),
	    OK, "an outcome is found");
	is_int(found.version, 1, "at its first version");
	is_int(found.created_at, made.created_at, "with its time");
	is_int((int64_t)found.fields.count, 2, "with its fields");
	is_text(found.tag, made.tag, "with its tag");
	is_outcome(
	    disposition_find(d->db, d->arena, &d->stranger, "o1", &found),
	    NOT_FOUND, "another account does not find it");
	must(disposition_lock(d->db, d->arena, &d->account, "o1", &made));
	made.name = "Sold";
	must(disposition_save(d->db, d->arena, &d->account, &made));
	must(disposition_find(d->db, d->arena, &d->account, "o1", &found));
	is_int(found.version, 2, "a change is the next version");
	is_text(found.name, "Sold", "which is what it is now");
	must(disposition_versions(d->db, d->arena, &d->account, "o1", &rows));
	list = rows.list;
	is_int((int64_t)rows.count, 2, "both are there");
	is_text(list[1].name, "Booked", "the old one as it was");
	is_int(list[0].version, 2, "behind the new one");
}

static void
test_references(struct database *d)
{
	struct disposition found;
	struct rows rows;

	(void)make(d, "o2", "o1");
	must(disposition_refer(d->db, d->arena, &d->account, "o1", &found));
	is_text(found.id, "o1", "an id comes before a name");
	must(disposition_refer(d->db, d->arena, &d->account, "Sold", &found));
	is_text(found.id, "o1", "a name will do");
	is_outcome(
	    disposition_refer(d->db, d->arena, &d->stranger, "Sold", &found),
	    NOT_FOUND, "not another account's");
	must(disposition_list(d->db, d->arena, &d->account, &rows));
	is_int((int64_t)rows.count, 2, "all are listed");
	must(disposition_list(d->db, d->arena, &d->stranger, &rows));
	is_int((int64_t)rows.count, 0, "to their account");
	is_outcome(disposition_delete(d->db, &d->stranger, "o2"), NOT_FOUND,
	    "which alone deletes one");
	is_outcome(disposition_delete(d->db, &d->account, "o2"), OK,
	    "and then it is deleted");
	must(disposition_versions(d->db, d->arena, &d->account, "o2", &rows));
	is_int((int64_t)rows.count, 0, "with its versions");
	database_do(
	    d->db, "UPDATE outcome SET document = '{}' WHERE id = 'o1'");
	is_outcome(disposition_find(d->db, d->arena, &d->account, "o1", &found),
	    OK, "one with a document of its own sort is found");
	is_text(found.name, "Sold", "by its name at least");
}

static void
test_logs(struct database *d)
{
	const struct finding found[] = {
		{ QUESTION_SUMMARY, "", 0, FINDING_COMPLETE, "{}", NULL, NULL,
		    1 },
		{ QUESTION_DISPOSITION, "o9", 4, FINDING_COMPLETE, "{\"x\":1}",
		    "TAG", NULL, 5 },
		{ QUESTION_DISPOSITION, "o1", 2, FINDING_ERROR, NULL, NULL,
		    "LLM_REFUSED: no", 6 },
	};
	const struct list all = { found, COUNT(found) }, one = { found + 1, 1 };
	struct id talk = id_new();
	const struct finding *list;
	struct rows rows;

	must(disposition_log_write(d->db, &d->account, &talk, &all));
	must(disposition_log_list(d->db, d->arena, &d->account, &talk, &rows));
	list = rows.list;
	is_int((int64_t)rows.count, 2, "what came of outcomes alone is kept");
	is_text(list[0].id, "o9", "in their order");
	is_int(list[0].version, 4, "with the version that made it");
	is_text(list[0].result, "{\"x\":1}", "with its result");
	is_int(list[1].status, FINDING_ERROR, "or as an error");
	is_text(list[1].error, "LLM_REFUSED: no", "with its reason");
	must(disposition_log_list(d->db, d->arena, &d->stranger, &talk, &rows));
	is_int((int64_t)rows.count, 0, "another account sees nothing");
	must(disposition_log_write(d->db, &d->account, &talk, &one));
	must(disposition_log_list(d->db, d->arena, &d->account, &talk, &rows));
	is_int((int64_t)rows.count, 1, "the next end replaces it");
	must(disposition_log_delete(d->db, &d->account, &talk));
	must(disposition_log_list(d->db, d->arena, &d->account, &talk, &rows));
	is_int((int64_t)rows.count, 0, "and it can be deleted");
}

int
main(void)
{
	struct database d;

	database_open(&d);
	test_versions(&d);
	test_references(&d);
	test_logs(&d);
	database_close(&d);
	return done();
}
