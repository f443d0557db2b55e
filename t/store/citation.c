/*
 * Citation schemas: what goes in comes out, to its own account.
 */
#include "base/base.h"

#include "base/arena.h"
#include "store/citation.h"

#include "database.h"
#include "tap.h"

int
main(void)
{
	const struct citation_variable variables[] = {
		{ "plan", "what was bought", CITATION_CATEGORY,
		    "[\"gold\",\"basic\"]" },
		{ "note", NULL, CITATION_STRING, NULL },
	};
	struct citation_schema made = {
		.id = "c1",
		.name = "Order",
		.description = "An order",
		.rules.variables = { variables, COUNT(variables) },
	};
	const struct citation_variable *list;
	struct citation_schema found;
	struct database d;
	struct rows rows;

	database_open(&d);
	is_outcome(citation_insert(d.db, d.arena, &d.account, &made), OK,
	    "a citation schema is inserted");
	is_outcome(citation_find(d.db, d.arena, &d.account, "c1", &found), OK,
	    "and found");
	ok(id_equal(&found.account_id, &d.account), "with its account");
	is_int(found.created_at, made.created_at, "with its time");
	is_text(found.description, "An order", "with its description");
	list = found.rules.variables.items;
	is_int((int64_t)found.rules.variables.count, 2, "with its variables");
	is_text(list[0].options, "[\"gold\",\"basic\"]", "and their options");
	is_outcome(citation_find(d.db, d.arena, &d.stranger, "c1", &found),
	    NOT_FOUND, "another account does not find it");
	must(citation_refer(d.db, d.arena, &d.account, "Order", &found));
	is_text(found.id, "c1", "it is known by its name as well");
	is_outcome(citation_refer(d.db, d.arena, &d.stranger, "Order", &found),
	    NOT_FOUND, "in its account");
	must(citation_lock(d.db, d.arena, &d.account, "c1", &found));
	found.name = "Sale";
	found.rules = (struct citation_rules){ .variables.count = 0 };
	must(citation_save(d.db, d.arena, &d.account, &found));
	must(citation_list(d.db, d.arena, &d.account, &rows));
	found = *(struct citation_schema *)rows.list;
	is_text(found.name, "Sale", "a change is written");
	is_int((int64_t)found.rules.variables.count, 0, "also of its rules");
	must(citation_list(d.db, d.arena, &d.stranger, &rows));
	is_int((int64_t)rows.count, 0, "another account lists none");
	is_outcome(citation_delete(d.db, &d.stranger, "c1"), NOT_FOUND,
	    "and deletes none");
	is_outcome(
	    citation_delete(d.db, &d.account, "c1"), OK, "it is deleted");
	is_outcome(citation_find(d.db, d.arena, &d.account, "c1", &found),
	    NOT_FOUND, "and gone");
	database_close(&d);
	return done();
}
