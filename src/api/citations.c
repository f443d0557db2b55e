#include "base/base.h"

#include "api/citations.h"

#include "api/answer.h"
#include "api/call.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "model/citation.h"
#include "model/field.h"
#include "store/citation.h"

struct citation_query {
	const char *id;
};

static const struct field query_fields[] = {
	{ "id", FIELD_TEXT, FIELD_REQUIRED, FIELD_AT(struct citation_query, id),
	    1, CITATION_ID_MOST },
};

const struct schema citation_query_schema =
    SCHEMA("CitationQuery", query_fields, struct citation_query);

static const char thing[] = "citation schema";

static enum outcome
missing(struct call *call, enum outcome rc)
{
	return call_missing(call, rc, CITATION_SCHEMA_NOT_FOUND, "/id", thing);
}

static const char *
asked(const struct call *call)
{
	const struct citation_query *query = call->query;

	return query->id;
}

enum outcome
citations_list(struct call *call)
{
	struct list *answer = call->answer;
	struct rows rows;
	enum outcome rc =
	    citation_list(call->db, call->arena, &call->key.account_id, &rows);

	if (rc == OK)
		*answer = (struct list){ rows.list, rows.count };
	return rc;
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct call *call = context;
	const struct citation_schema *made = call->witness;
	struct citation_schema ignored;

	return citation_find(
	    db, call->arena, &call->key.account_id, made->id, &ignored);
}

enum outcome
citations_create(struct call *call)
{
	const struct citation_schema *body = call->body;
	struct citation_schema *answer = call->answer;
	struct id id = id_new();
	enum outcome rc =
	    citation_check(call->arena, &body->rules, "/schema", &call->faults);

	if (rc != OK)
		return rc;
	*answer = *body;
	answer->id = id_text(call->arena, &id);
	call->witness = answer;
	call->settled = is_there;
	return citation_insert(
	    call->db, call->arena, &call->key.account_id, answer);
}

enum outcome
citations_show(struct call *call)
{
	return missing(
	    call, citation_find(call->db, call->arena, &call->key.account_id,
		      asked(call), call->answer));
}

/* The schema is replaced as a whole. */
enum outcome
citations_update(struct call *call)
{
	struct citation_schema *answer = call->answer;
	enum outcome rc;

	if (!call_gives(call, "name") && !call_gives(call, "description") &&
	    !call_gives(call, "schema"))
		return call_refuse(call, MISSING_REQUIRED_FIELDS, NULL,
		    "give one of name, description and schema at least");
	rc = citation_lock(
	    call->db, call->arena, &call->key.account_id, asked(call), answer);
	if (rc != OK)
		return missing(call, rc);
	call->settled = tx_repeat;
	if (call_gives(call, "schema"))
		answer->rules = (struct citation_rules){ .variables.count = 0 };
	call_read_over(call, &citation_patch_schema, answer);
	rc = citation_check(
	    call->arena, &answer->rules, "/schema", &call->faults);
	if (rc != OK)
		return rc;
	return citation_save(
	    call->db, call->arena, &call->key.account_id, answer);
}

enum outcome
citations_delete(struct call *call)
{
	struct answer_message *answer = call->answer;

	answer->message = "Citation schema deleted";
	return missing(call,
	    citation_delete(call->db, &call->key.account_id, asked(call)));
}
