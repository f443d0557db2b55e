#include "base/base.h"

#include "work/order.h"

#include "model/field.h"
#include "work/kinds.h"

enum outcome
order_read(struct job *job, const struct schema *schema, void *order)
{
	enum outcome rc =
	    field_read_text(job->arena, schema, job->work.payload, order);

	if (rc != OK)
		job->reason = "the payload is not one of this kind";
	return rc;
}
