#include "base/base.h"

#include "api/workflows.h"

#include "api/call.h"
#include "store/work.h"

enum outcome
workflows_show(struct call *call)
{
	struct id id;
	enum outcome rc =
	    call_path_id(call, 0, WORKFLOW_NOT_FOUND, "workflow", &id);

	if (rc == OK)
		rc = work_find(call->db, call->arena, &call->key.account_id,
		    &id, call->answer);
	return call_missing(call, rc, WORKFLOW_NOT_FOUND, NULL, "workflow");
}
