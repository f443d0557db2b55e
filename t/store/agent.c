/*
 * Agents and their versions: what is published never changes, and one
 * account sees none of another's.
 */
#include "base/base.h"

#include "base/arena.h"
#include "store/agent_version.h"

#include "database.h"
#include "tap.h"

static void
test_versions(struct database *d)
{
	struct agent_version own = { .config = "{\"instructions\":\"a\"}" };
	struct agent_version draft = { .agent_id = id_new(),
		.version = 1,
		.config = "{}" },
			     again = draft, found;

	must(agent_version_insert(d->db, &d->account, &own));
	must(agent_version_find(d->db, d->arena, &d->account, &own.id, &found));
	is_text(found.config, own.config, "a config is found as it was sent");
	ok(found.published_at == own.created_at && id_is_none(&found.agent_id),
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

int
main(void)
{
	struct database d;

	database_open(&d);
	test_versions(&d);
	database_close(&d);
	return done();
}
