/*
 * Agents and their versions: what is published never changes, numbers of
 * versions are given out one after another, and one account sees none of
 * another's.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/when.h"
#include "store/agent.h"
#include "store/agent_version.h"

#include "database.h"
#include "tap.h"

#define RACERS 4
#define ROUNDS 5

static struct agent_head
make(struct database *d, const char *name, const char *metadata)
{
	struct agent_head agent = {
		.name = name,
		.active = true,
		.metadata = metadata,
	};

	must(agent_insert(d->db, &d->account, &agent));
	return agent;
}

static void
test_versions(struct database *d)
{
	struct agent_version own = { .config = "{\"instructions\":\"a\"}" };
	struct agent_head agent = make(d, "Bob", NULL);
	struct agent_version draft = {
		.agent_id = agent.id, .version = 1, .config = "{}"
	};
	struct agent_version again = draft, found;

	must(agent_version_insert(d->db, &d->account, &own));
	must(agent_version_find(d->db, d->arena, &d->account, &own.id, &found));
	is_text(found.config, own.config, "a config is found as it was sent");
	ok(found.published_at == own.created_at && found.is_active &&
		id_is_none(&found.agent_id),
	    "one that came along is published, and of no agent");
	is_outcome(
	    agent_version_find(d->db, d->arena, &d->stranger, &own.id, &found),
	    NOT_FOUND, "another account does not find it");
	must(agent_version_insert(d->db, &d->account, &draft));
	is_outcome(agent_version_insert(d->db, &d->account, &again), CONFLICT,
	    "a number is used once");
	must(agent_version_find_number(
	    d->db, d->arena, &d->account, &draft.agent_id, 1, &found));
	ok(id_equal(&found.id, &draft.id), "a version is found by its number");
	is_int(found.published_at, 0, "an agent's is a draft at first");
	is_outcome(agent_version_find_number(d->db, d->arena, &d->account,
		       &draft.agent_id, 2, &found),
	    NOT_FOUND, "another number is none of its");
	is_outcome(agent_version_find_published(
		       d->db, d->arena, &d->account, &draft.agent_id, &found),
	    NOT_FOUND, "and none is published");
}

static void
test_published(struct database *d)
{
	struct agent_head agent = make(d, "Ada", NULL);
	struct agent_version first, second, found;

	must(agent_version_add(d->db, &d->account, &agent, "{}", &first));
	first.config = "{\"instructions\":\"Sell\"}";
	is_outcome(agent_version_write(d->db, &d->account, &first), OK,
	    "a draft is written");
	is_outcome(agent_version_write(d->db, &d->stranger, &first), CONFLICT,
	    "but not by another account");
	must(agent_version_publish(d->db, &d->account, &first));
	ok(first.published_at > 0, "it is published");
	must(agent_version_add(d->db, &d->account, &agent, "{}", &second));
	is_int(second.version, 2, "the next has the next number");
	must(agent_find(d->db, d->arena, &d->account, &agent.id, &agent));
	is_int(agent.last_version, 2, "which the agent knows");
	must(agent_version_find_published(
	    d->db, d->arena, &d->account, &agent.id, &found));
	is_int(found.version, 1, "the published one is what is answered by");
	must(agent_version_find_last(
	    d->db, d->arena, &d->account, &agent.id, &found));
	is_int(found.version, 2, "the last one is worked on");

	found = first;
	found.config = "{\"instructions\":\"Steal\"}";
	is_outcome(agent_version_write(d->db, &d->account, &found), CONFLICT,
	    "what is published is not written again");
	found.published_at = 0;
	must(agent_version_publish(d->db, &d->account, &found));
	must(agent_version_find(
	    d->db, d->arena, &d->account, &first.id, &found));
	is_text(found.config, "{\"instructions\":\"Sell\"}",
	    "it says what it said");
	is_int(found.published_at, first.published_at,
	    "since when it said it, though it is published once more");
}

/* --- At once. */

static enum outcome
add_draft(struct db *db, void *context)
{
	struct database *d = context;
	struct arena *arena = arena_new();
	struct rows rows;
	struct agent_head agent;
	struct agent_version version;
	const struct agent_filter filter = { .name = "race" };
	const struct cursor start = { .created_at = 0 };
	enum outcome rc =
	    agent_list(db, arena, &d->account, &filter, &start, 1, &rows);

	if (rc == OK)
		rc = agent_hold(db, arena, &d->account,
		    &((const struct agent_head *)rows.list)->id, &agent);
	if (rc == OK)
		rc = agent_version_add(db, &d->account, &agent, "{}", &version);
	arena_free(arena);
	return rc;
}

static enum outcome
child_adds(struct database *d, void *context)
{
	const struct tx tx = { add_draft, tx_repeat, d };
	enum outcome rc = OK;
	int i;

	(void)context;
	for (i = 0; rc == OK && i < ROUNDS; i++)
		rc = tx_run(d->db, &tx);
	return rc;
}

static void
test_race_of_drafts(struct database *d)
{
	struct agent_head agent = make(d, "Race", NULL);
	pid_t child[RACERS];
	int i, failed = 0;

	for (i = 0; i < RACERS; i++)
		child[i] = database_fork(d, NULL, child_adds);
	for (i = 0; i < RACERS; i++)
		failed += database_join(child[i]) != OK;
	is_int(failed, 0, "many who add drafts at once all get through");
	is_int(database_number(d->db,
		   "SELECT COUNT(*) * 10000 + MIN(version) * 100"
		   " + MAX(version) FROM agent_version WHERE agent_id = %s",
		   database_id(d->arena, &agent.id)),
	    RACERS * ROUNDS * 10000 + 100 + RACERS * ROUNDS,
	    "each with a number of its own, none left out");
}

static enum outcome
child_holds(struct database *d, void *context)
{
	struct agent_version *version = context;
	struct agent_head agent;
	struct agent_version found;
	enum outcome rc;

	database_begin(d->db);
	rc = agent_hold(
	    d->db, d->arena, &d->account, &version->agent_id, &agent);
	if (rc == OK)
		rc = agent_version_find(
		    d->db, d->arena, &d->account, &version->id, &found);
	if (rc == OK && found.published_at != version->published_at)
		rc = CONFLICT;
	if (rc == OK)
		rc = agent_version_publish(d->db, &d->account, &found);
	database_commit(d->db);
	return rc;
}

static void
test_race_of_publishers(struct database *d)
{
	struct agent_head agent = make(d, "Two", NULL);
	struct agent_version version, late, found;
	pid_t child;

	must(agent_version_add(d->db, &d->account, &agent, "{}", &version));
	late = version;
	database_begin(d->db);
	must(agent_hold(d->db, d->arena, &d->account, &agent.id, &agent));
	/* What the other is to find when it comes to it. */
	late.published_at = version.published_at = 0;
	must(agent_version_publish(d->db, &d->account, &version));
	late.published_at = version.published_at;
	child = database_fork(d, &late, child_holds);
	ok(database_waits(d, 1), "who publishes second waits");
	database_commit(d->db);
	is_outcome(database_join(child), OK, "and finds it published");
	must(agent_version_find(
	    d->db, d->arena, &d->account, &version.id, &found));
	is_int(found.published_at, version.published_at,
	    "at the time of the first");
}

/* --- Lists. */

static int64_t
count_list(struct database *d, const struct id *account,
    const struct agent_filter *filter)
{
	const struct cursor start = { .created_at = 0 };
	struct rows rows;

	must(agent_list(d->db, d->arena, account, filter, &start, 100, &rows));
	return (int64_t)rows.count;
}

static void
test_filters(struct database *d)
{
	struct agent_head one =
	    make(d, "Sales 100%", "{\"team\":\"a\",\"tags\":[1,2]}");
	const struct agent_filter filters[] = {
		{ .name = "SALES 1" },
		{ .name = "100%" },
		{ .name = "sales", .active = EITHER_TRUE },
		{ .name = "sales", .is_demo = EITHER_FALSE },
		{ .metadata = "{\"team\":\"a\"}" },
		{ .metadata = "{\"tags\":[2]}" },
		{ .name = "sales",
		    .span = { .created_after = one.created_at,
			.updated_before = one.updated_at } },
		{ .name = "sales",
		    .span = { .created_before =
				  one.created_at - one.created_at % 1000 } },
	};
	const struct agent_filter others[] = {
		{ .name = "s_les" },
		{ .name = "sales|" },
		{ .name = "sales", .active = EITHER_FALSE },
		{ .name = "sales", .is_demo = EITHER_TRUE },
		{ .metadata = "{\"team\":\"b\"}" },
		{ .metadata = "{\"tags\":[3]}" },
		{ .name = "sales",
		    .span = { .created_after = one.created_at + 1 } },
		{ .name = "sales",
		    .span = { .updated_before = one.created_at - 1000 } },
	};
	size_t i;

	for (i = 0; i < COUNT(filters); i++) {
		is_int(count_list(d, &d->account, &filters[i]), 1,
		    "a filter (%zu) lets through what fits", i);
		is_int(count_list(d, &d->stranger, &filters[i]), 0,
		    "of its account alone");
		is_int(count_list(d, &d->account, &others[i]), 0,
		    "and another nothing else");
	}
}

/* Rows of one moment lie on both sides of a page's end. */
static void
test_pages(struct database *d)
{
	const struct agent_filter filter = { .name = "same" };
	struct cursor behind = { .created_at = 0 };
	const struct agent_head *found;
	struct rows rows;
	const char *seen = "";
	int i;

	for (i = 0; i < 5; i++)
		(void)make(d, arena_format(d->arena, "same %d", i), NULL);
	database_do(d->db, "UPDATE agent SET created_at = '2026-01-01'"
			   " WHERE name LIKE 'same%%'");
	do {
		must(agent_list(
		    d->db, d->arena, &d->account, &filter, &behind, 2, &rows));
		found = rows.list;
		for (i = 0; i < (int)rows.count; i++) {
			behind =
			    (struct cursor){ found[i].created_at, found[i].id };
			seen = arena_format(
			    d->arena, "%s%s ", seen, found[i].name);
		}
	} while (rows.count == 2);
	is_text(seen, "same 4 same 3 same 2 same 1 same 0 ",
	    "no row of a moment is skipped, and none repeated");
}

/* --- The end. */

static void
test_delete(struct database *d)
{
	struct agent_head agent = make(d, "Gone", NULL);
	struct agent_version kept, draft, found;
	struct agent_stats stats;
	struct agent_users users;
	struct id agent_id = agent.id;

	must(agent_version_add(d->db, &d->account, &agent, "{}", &kept));
	must(agent_version_publish(d->db, &d->account, &kept));
	must(agent_version_add(d->db, &d->account, &agent, "{}", &draft));
	must(agent_count(d->db, d->arena, &d->account, &agent.id, &stats));
	ok(stats.conversations == 0 && stats.active_conversations == 0,
	    "an agent has no conversations at first");
	must(agent_find_users(d->db, d->arena, &d->account, &agent.id, &users));
	ok(users.numbers == NULL && users.conversations == NULL,
	    "and nobody needs it");
	must(
	    agent_version_find(d->db, d->arena, &d->account, &kept.id, &found));
	ok(found.is_active, "conversations may begin with it");
	agent.active = false;
	must(agent_update(d->db, &d->account, &agent));
	must(
	    agent_version_find(d->db, d->arena, &d->account, &kept.id, &found));
	ok(!found.is_active, "but not while it is not active");
	must(agent_delete(d->db, &d->account, &agent.id));
	is_outcome(agent_find(d->db, d->arena, &d->account, &agent.id, &agent),
	    NOT_FOUND, "what is deleted is gone");
	is_outcome(
	    agent_version_find(d->db, d->arena, &d->account, &draft.id, &found),
	    NOT_FOUND, "with its drafts");
	is_outcome(
	    agent_version_find(d->db, d->arena, &d->account, &kept.id, &found),
	    OK, "but old conversations find what they were answered by");
	ok(!found.is_active, "and no new ones begin with it");
	is_outcome(agent_version_find_published(
		       d->db, d->arena, &d->account, &agent_id, &found),
	    NOT_FOUND, "which cannot be found by the agent");
	is_outcome(agent_version_find_number(
		       d->db, d->arena, &d->account, &agent_id, 1, &found),
	    NOT_FOUND, "nor by its number");
}

int
main(void)
{
	struct database d;

	database_open(&d);
	test_versions(&d);
	test_published(&d);
	test_race_of_drafts(&d);
	test_race_of_publishers(&d);
	test_filters(&d);
	test_pages(&d);
	test_delete(&d);
	database_close(&d);
	return done();
}
