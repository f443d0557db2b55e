/*
 * References: what a config or a position names must be there, in this
 * account.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"
#include "model/conversation.h"
#include "model/number.h"
#include "model/reason.h"
#include "store/reference.h"

#include "database.h"
#include "tap.h"

#define GRAPH(node)                                                            \
	"{\"nodes\":[7,null,{\"id\":null},{\"id\":5},{\"name\":\"x\"},"        \
	"{\"id\":\"" node "\"}],\"edges\":[]}"

static const struct position_fields fields = { "/p", "/v", "/n" };

/* A pathway "live" with a draft, versions 1 to 3 (production 1, staging 2,
 * the third named "summer"), one with a draft only, one with nothing. */
static void
fill(struct database *d)
{
	const char *us = database_id(d->arena, &d->account);
	const char *them = database_id(d->arena, &d->stranger);
	static const char *const things[] = { "tool", "outcome",
		"citation_schema" };
	size_t i;

	database_do(d->db,
	    "INSERT INTO pathway (account_id, id, name, production_version,"
	    " staging_version, created_at) VALUES"
	    " (%s, 'live', 'Live', 1, 2, NOW(6)),"
	    " (%s, 'draft', 'Draft', NULL, NULL, NOW(6)),"
	    " (%s, 'bare', 'Bare', NULL, NULL, NOW(6)),"
	    " (%s, 'plain', 'Plain', NULL, NULL, NOW(6)),"
	    " (%s, 'theirs', 'Theirs', NULL, NULL, NOW(6))",
	    us, us, us, us, them);
	database_do(d->db,
	    "INSERT INTO pathway_version (account_id, pathway_id, number, name,"
	    " document, created_at) VALUES"
	    " (%s, 'live', 0, NULL, '%s', NOW(6)),"
	    " (%s, 'live', 1, NULL, '%s', NOW(6)),"
	    " (%s, 'live', 2, NULL, '%s', NOW(6)),"
	    " (%s, 'live', 3, 'summer', '%s', NOW(6)),"
	    " (%s, 'draft', 0, NULL, '%s', NOW(6)),"
	    " (%s, 'plain', 1, NULL, '[]', NOW(6)),"
	    " (%s, 'theirs', 1, NULL, '%s', NOW(6))",
	    us, GRAPH("zero"), us, GRAPH("one"), us, GRAPH("two"), us,
	    GRAPH("three"), us, GRAPH("zero"), us, them, GRAPH("one"));
	for (i = 0; i < COUNT(things); i++)
		database_do(d->db,
		    "INSERT INTO %s VALUES"
		    " (%s, 'id-%s', 'name %s', '{}', NOW(6)),"
		    " (%s, 'their-%s', 'their name', '{}', NOW(6))",
		    things[i], us, things[i], things[i], them, things[i]);
}

/* clang-format off */
static const struct {
	struct position position;
	const char *field; /* of the fault; NULL: none */
	enum reason_code reason;
	const char *name;
} positions[] = {
	{ { NULL, NULL, NULL }, NULL, 0, "no position at all" },
	{ { NULL, NULL, "one" }, "/p", PATHWAY_NOT_FOUND,
	    "a node needs a pathway" },
	{ { NULL, "1", NULL }, "/p", PATHWAY_NOT_FOUND,
	    "a version needs a pathway" },
	{ { "live", NULL, NULL }, NULL, 0, "a pathway alone" },
	{ { "Live", NULL, NULL }, "/p", PATHWAY_NOT_FOUND,
	    "a pathway is found by its id and not by its name" },
	{ { "theirs", NULL, NULL }, "/p", PATHWAY_NOT_FOUND,
	    "another account's pathway is none" },
	{ { "none", "1", "one" }, "/p", PATHWAY_NOT_FOUND,
	    "a pathway that is not there" },
	{ { "live", NULL, "one" }, NULL, 0,
	    "without a version the node is production's" },
	{ { "live", NULL, "two" }, "/n", INVALID_NODE,
	    "and not another version's" },
	{ { "live", "production", "one" }, NULL, 0, "production" },
	{ { "live", "staging", "two" }, NULL, 0, "staging" },
	{ { "live", "latest", "three" }, NULL, 0, "the latest" },
	{ { "live", "draft", "zero" }, NULL, 0, "the draft" },
	{ { "live", "2", "two" }, NULL, 0, "a version by its number" },
	{ { "live", "summer", "three" }, NULL, 0, "a version by its name" },
	{ { "live", "winter", NULL }, "/v", PATHWAY_VERSION_NOT_FOUND,
	    "a name that no version has" },
	{ { "live", "4", NULL }, "/v", PATHWAY_VERSION_NOT_FOUND,
	    "a number that no version has" },
	{ { "live", "2", "three" }, "/n", INVALID_NODE,
	    "a node of another version" },
	{ { "live", "1", "x" }, "/n", INVALID_NODE,
	    "a node's name is not its id" },
	{ { "live", "1", "5" }, "/n", INVALID_NODE,
	    "a node whose id is no text is none" },
	{ { "draft", "draft", "zero" }, NULL, 0, "a draft that is all" },
	{ { "draft", "production", NULL }, "/v", PATHWAY_VERSION_NOT_FOUND,
	    "a draft is not production" },
	{ { "draft", "staging", "zero" }, "/v", PATHWAY_VERSION_NOT_FOUND,
	    "a draft is not staging" },
	{ { "bare", NULL, NULL }, NULL, 0, "a pathway without versions" },
	{ { "bare", "draft", NULL }, "/v", PATHWAY_VERSION_NOT_FOUND,
	    "it has no draft" },
	{ { "bare", NULL, "one" }, "/v", PATHWAY_VERSION_NOT_FOUND,
	    "nor a node" },
	{ { "plain", NULL, "one" }, "/n", INVALID_NODE,
	    "a document that is no graph has no node" },
};
/* clang-format on */

static void
test_positions(struct database *d)
{
	struct faults faults;
	enum outcome rc;
	size_t i;

	for (i = 0; i < COUNT(positions); i++) {
		faults_init(&faults, d->arena);
		rc = reference_check_position(d->db, d->arena, &d->account,
		    &positions[i].position, &fields, &faults);
		if (positions[i].field == NULL) {
			ok(rc == OK && faults.count == 0, "%s: is taken",
			    positions[i].name);
			continue;
		}
		is_outcome(rc, INVALID, "%s: is refused", positions[i].name);
		is_text(faults.count == 1 ? faults.list[0].field : "",
		    positions[i].field, "%s: at its field", positions[i].name);
		is_text(faults.count == 1 ? faults.list[0].reason->code : "",
		    reasons[positions[i].reason].code, "%s: with its reason",
		    positions[i].name);
	}
}

static void
test_given(struct database *d)
{
	struct number_config given = { 0 };
	struct number_config config = {
		.pathway_id = "gone since",
		.start_node_id = "gone too",
		.tools = "[\"gone\"]",
		.disposition_ids = "[\"gone\"]",
		.citation_schema_ids = "[\"gone\"]",
	};
	struct faults faults;

	faults_init(&faults, d->arena);
	is_outcome(reference_check_config(
		       d->db, d->arena, &d->account, &given, &config, &faults),
	    OK, "what a request does not set is not looked at");
	given.start_node_id = "one";
	config = (struct number_config){ .pathway_id = "live",
		.start_node_id = "one" };
	is_outcome(reference_check_config(
		       d->db, d->arena, &d->account, &given, &config, &faults),
	    OK, "a node is looked for in the pathway that was there");
}

static void
test_lists(struct database *d)
{
	struct number_config good = {
		.tools = "[\"id-tool\",\"name tool\",{\"type\":\"x\"}]",
		.disposition_ids = "[\"id-outcome\",\"name outcome\"]",
		.citation_schema_ids = "[\"id-citation_schema\"]",
	};
	struct number_config bad = {
		.pathway_id = "none",
		.tools = "[\"id-tool\",\"their-tool\",\"their name\"]",
		.disposition_ids = "[\"id-tool\"]",
		.citation_schema_ids = "[\"x\",\"id-citation_schema\"]",
	};
	static const char *const wanted[] = { "/pathway_id", "/tools/1",
		"/tools/2", "/disposition_ids/0", "/citation_schema_ids/0" };
	struct number_config empty = { .tools = "[]", .disposition_ids = "[]" };
	struct faults faults;
	size_t i;

	faults_init(&faults, d->arena);
	is_outcome(reference_check_config(
		       d->db, d->arena, &d->account, &good, &good, &faults),
	    OK, "things are found by id and by name, definitions are let be");
	is_outcome(reference_check_config(
		       d->db, d->arena, &d->account, &empty, &empty, &faults),
	    OK, "an empty list refers to nothing");
	is_int(faults.count, 0, "without a fault");
	is_outcome(reference_check_config(
		       d->db, d->arena, &d->account, &bad, &bad, &faults),
	    INVALID, "what is not there is refused");
	is_int(faults.count, COUNT(wanted), "all at once");
	for (i = 0; i < COUNT(wanted) && i < faults.count; i++)
		is_text(faults.list[i].field, wanted[i], "at %s", wanted[i]);
	is_text(faults.list[1].reason->code, reasons[TOOL_NOT_FOUND].code,
	    "a tool has its own reason");
	is_text(faults.list[3].reason->code, reasons[OUTCOME_NOT_FOUND].code,
	    "so has an outcome");
	is_text(faults.list[4].reason->code,
	    reasons[CITATION_SCHEMA_NOT_FOUND].code, "and a citation schema");
	is_text(faults.list[1].message, "there is no tool their-tool",
	    "the sentence names it");
}

int
main(void)
{
	struct database d;

	database_open(&d);
	fill(&d);
	test_positions(&d);
	test_given(&d);
	test_lists(&d);
	database_close(&d);
	return done();
}
