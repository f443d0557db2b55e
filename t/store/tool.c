/*
 * Tools: their rows, and what a number's list of them comes to.
 */
#include "base/base.h"

#include "base/arena.h"
#include "store/tool.h"

#include "database.h"
#include "tap.h"

#define DOCUMENT(name)                                                         \
	"{\"name\":\"" name "\",\"description\":\"d\",\"url\":"                \
	"\"https://x.example/\"}"

static struct tool
make(struct database *d, const struct id *account, const char *name,
    const char *document)
{
	struct tool tool = { .name = name, .document = document };

	must(tool_insert(d->db, d->arena, account, &tool));
	return tool;
}

static void
test_rows(struct database *d)
{
	struct tool made = make(d, &d->account, "look up", DOCUMENT("look up"));
	struct tool found;

	ok(strncmp(made.id, TOOL_PREFIX, strlen(TOOL_PREFIX)) == 0,
	    "an id has its prefix");
	must(tool_find(d->db, d->arena, &d->account, made.id, &found));
	is_text(found.document, made.document, "a document is kept as it is");
	is_text(found.name, "look up", "with its name");
	ok(found.created_at == made.created_at && found.created_at > 0,
	    "and its time");
	must(tool_find(d->db, d->arena, &d->account,
	    made.id + strlen(TOOL_PREFIX), &found));
	is_text(found.id, made.id, "the prefix may be left out");
	found.name = "other";
	found.document = "{}";
	database_begin(d->db);
	must(tool_hold(d->db, d->arena, &d->account, made.id, &found));
	database_hurry(d->other);
	is_outcome(tool_hold(d->other, d->arena, &d->account, made.id, &found),
	    AGAIN, "what is held is held");
	found.name = "other";
	found.document = "{}";
	must(tool_update(d->db, &d->account, &found));
	database_commit(d->db);
	must(tool_find(d->db, d->arena, &d->account, made.id, &found));
	is_text(found.name, "other", "a name is changed");
	is_text(found.document, "{}", "with its document");
	is_outcome(tool_find(d->db, d->arena, &d->stranger, made.id, &found),
	    NOT_FOUND, "another account does not have it");
	is_outcome(tool_delete(d->db, d->arena, &d->stranger, made.id),
	    NOT_FOUND, "nor deletes it");
	must(tool_delete(d->db, d->arena, &d->account, made.id));
	is_outcome(tool_delete(d->db, d->arena, &d->account, made.id),
	    NOT_FOUND, "one is deleted once");
}

static void
test_list(struct database *d)
{
	const struct tool *tools;
	struct rows rows;

	(void)make(d, &d->account, "one", DOCUMENT("one"));
	(void)make(d, &d->account, "two", DOCUMENT("two"));
	(void)make(d, &d->account, "three", DOCUMENT("three"));
	(void)make(d, &d->stranger, "theirs", DOCUMENT("theirs"));
	must(tool_list(d->db, d->arena, &d->account, 2, 0, &rows));
	tools = rows.list;
	ok(rows.count == 2 && strcmp(tools[0].name, "three") == 0 &&
		strcmp(tools[1].name, "two") == 0,
	    "the newest come first");
	must(tool_list(d->db, d->arena, &d->account, 2, 2, &rows));
	tools = rows.list;
	ok(rows.count == 1 && strcmp(tools[0].name, "one") == 0,
	    "then the others");
}

static void
test_resolve(struct database *d)
{
	struct tool row = make(d, &d->account, "one", DOCUMENT("newer one"));
	struct tool broken = make(d, &d->account, "broken", "{\"name\":\"b\"}");
	struct list found, missing;
	const struct tool *tools;
	const struct tool_missing *gone;

	must(tool_resolve(d->db, d->arena, &d->config, &d->account,
	    arena_format(d->arena,
		"[\"%s\",\"one\",\"TL-gone\",\"theirs\",\"%s\"," DOCUMENT(
		    "in place") ",{\"name\":\"x\"},[1]]",
		row.id, broken.id),
	    &found, &missing));
	tools = found.items;
	gone = missing.items;
	is_int((int64_t)found.count, 3, "those that are there are found");
	is_text(tools[0].id, row.id, "by id");
	is_text(tools[1].id, row.id, "by name the newest");
	is_text(tools[2].name, "in place", "and in place");
	ok(tools[2].id == NULL, "which has no row");
	is_text(tools[0].function, "newer_one", "they are named for the model");
	is_text(tools[1].function, "newer_one_2", "each with its own name");
	ok(tools[2].schema != NULL, "and read");
	is_int((int64_t)missing.count, 5, "the others are told");
	is_text(gone[0].reference, "TL-gone", "one that is gone");
	is_text(gone[0].reason, "there is no such tool in this account",
	    "with the reason");
	is_text(gone[1].reference, "theirs", "another account's");
	is_text(gone[2].reference, broken.id, "one that cannot be read");
	is_text(gone[2].reason,
	    "its definition cannot be used: description is required",
	    "and what is wrong with it");
	is_text(gone[3].reference, "{\"name\":\"x\"}", "in place as well");
	is_text(gone[4].reason, "this refers to no tool", "and what is none");
	must(tool_resolve(
	    d->db, d->arena, &d->config, &d->account, NULL, &found, &missing));
	ok(found.count == 0 && missing.count == 0, "nothing is nothing");
}

int
main(void)
{
	struct database d;

	database_open(&d);
	test_rows(&d);
	test_list(&d);
	test_resolve(&d);
	database_close(&d);
	return done();
}
