#include "base/base.h"

#include "api/outcomes.h"

#include "api/answer.h"
#include "api/call.h"
#include "base/text.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "model/disposition.h"
#include "model/field.h"
#include "store/disposition.h"

static const char thing[] = "outcome";

static enum outcome
missing(struct call *call, enum outcome rc)
{
	return call_missing(call, rc, OUTCOME_NOT_FOUND, NULL, thing);
}

enum outcome
outcomes_list(struct call *call)
{
	struct list *answer = call->answer;
	struct rows rows;
	enum outcome rc = disposition_list(
	    call->db, call->arena, &call->key.account_id, &rows);

	if (rc == OK)
		*answer = (struct list){ rows.list, rows.count };
	return rc;
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct call *call = context;
	const struct disposition *made = call->witness;
	struct disposition ignored;

	return disposition_find(
	    db, call->arena, &call->key.account_id, made->id, &ignored);
}

enum outcome
outcomes_create(struct call *call)
{
	const struct disposition *body = call->body;
	struct disposition *answer = call->answer;
	struct id id = id_new();
	enum outcome rc = disposition_check(call->arena, body, &call->faults);

	if (rc != OK)
		return rc;
	*answer = *body;
	answer->id = id_text(call->arena, &id);
	call->witness = answer;
	call->settled = is_there;
	return disposition_insert(
	    call->db, call->arena, &call->key.account_id, answer);
}

enum outcome
outcomes_show(struct call *call)
{
	return missing(
	    call, disposition_find(call->db, call->arena, &call->key.account_id,
		      call->values[0], call->answer));
}

/* What comes out as it was is no new version, so it may run twice. */
enum outcome
outcomes_update(struct call *call)
{
	struct disposition *answer = call->answer;
	const char *before;
	enum outcome rc = disposition_lock(call->db, call->arena,
	    &call->key.account_id, call->values[0], answer);

	if (rc != OK)
		return missing(call, rc);
	call->settled = tx_repeat;
	before = disposition_write(call->arena, answer);
	call_read_over(call, &disposition_patch_schema, answer);
	rc = disposition_check(call->arena, answer, &call->faults);
	if (rc != OK ||
	    text_equal(before, disposition_write(call->arena, answer)))
		return rc;
	return disposition_save(
	    call->db, call->arena, &call->key.account_id, answer);
}

enum outcome
outcomes_delete(struct call *call)
{
	struct answer_message *answer = call->answer;

	answer->message = "Outcome deleted";
	return missing(call, disposition_delete(call->db, &call->key.account_id,
				 call->values[0]));
}

enum outcome
outcomes_versions(struct call *call)
{
	struct list *answer = call->answer;
	struct disposition found;
	struct rows rows;
	enum outcome rc = disposition_find(call->db, call->arena,
	    &call->key.account_id, call->values[0], &found);

	if (rc == OK)
		rc = disposition_versions(call->db, call->arena,
		    &call->key.account_id, call->values[0], &rows);
	if (rc == OK)
		*answer = (struct list){ rows.list, rows.count };
	return missing(call, rc);
}
