#include "base/base.h"

#include "work/order.h"

#include "base/fault.h"
#include "base/json.h"
#include "model/field.h"
#include "work/kinds.h"

#include <string.h>

enum outcome
order_read(struct job *job, const struct schema *schema, void *order)
{
	struct faults faults;
	struct reader reader = { .arena = job->arena, .faults = &faults };
	struct json_object *payload;
	struct json_fault ignored;
	enum outcome rc;

	faults_init(&faults, job->arena);
	rc = json_parse(job->arena, job->work.payload,
	    strlen(job->work.payload), &payload, &ignored);
	if (rc == OK)
		rc = field_read(&reader, schema, payload, "", order);
	if (rc != OK)
		job->reason = "the payload is not one of this kind";
	return rc;
}
