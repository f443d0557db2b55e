#include "base/base.h"

#include "api/workflows.h"

#include "api/call.h"
#include "db/stmt.h"
#include "model/work.h"
#include "store/work.h"
#include "store/work_admin.h"

static const char thing[] = "workflow";

#define SENSITIVE                                                              \
	(SCOPE(CONVERSATIONS_READ_SENSITIVE) | SCOPE(CONVERSATIONS_MANAGE))

static enum outcome
find(struct call *call, const struct id *id, struct work *work)
{
	struct rows rows;
	enum outcome rc =
	    work_find(call->db, call->arena, &call->key.account_id, id, work);

	if (rc == OK)
		rc = work_admin_attempts(call->db, call->arena, work, &rows);
	if (rc == OK)
		work->attempt_log = (struct list){ rows.list, rows.count };
	/* It holds what was said. */
	if (rc == OK &&
	    (work->kind == WORK_ANALYSE || work->kind == WORK_CHAT) &&
	    !key_allows(call->scopes, SENSITIVE))
		work->result = NULL;
	return rc;
}

enum outcome
workflows_show(struct call *call)
{
	struct id id;
	enum outcome rc = call_path_id(call, 0, WORKFLOW_NOT_FOUND, thing, &id);

	if (rc == OK)
		rc = find(call, &id, call->answer);
	return call_missing(call, rc, WORKFLOW_NOT_FOUND, NULL, thing);
}

/* Whatever became of it since, it is no longer as it was. */
static enum outcome
is_retried(struct db *db, void *context)
{
	struct call *call = context;
	const struct work *made = call->witness;
	struct work found;
	enum outcome rc = work_find(
	    db, call->arena, &call->key.account_id, &made->id, &found);

	return rc == OK && found.state == WORK_DEAD ? NOT_FOUND : rc;
}

enum outcome
workflows_retry(struct call *call)
{
	struct work *answer = call->answer;
	struct id id;
	enum outcome rc = call_path_id(call, 0, WORKFLOW_NOT_FOUND, thing, &id);

	if (rc == OK)
		rc = work_admin_retry(
		    call->db, call->arena, &call->key.account_id, &id);
	if (rc == NOT_FOUND) {
		rc = find(call, &id, answer);
		if (rc == OK)
			rc = CONFLICT; /* it is done, and has moved */
	}
	if (rc == CONFLICT)
		return call_refuse(call, WORKFLOW_NOT_DEAD, NULL,
		    "only a workflow that is dead can be tried again");
	if (rc == OK)
		rc = find(call, &id, answer);
	call->witness = answer;
	call->settled = is_retried;
	return call_missing(call, rc, WORKFLOW_NOT_FOUND, NULL, thing);
}
