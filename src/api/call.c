#include "base/base.h"

#include "api/call.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "model/field.h"

#include <json-c/json.h>
#include <stdarg.h>

enum outcome
call_refuse(struct call *call, enum reason_code reason, const char *field,
    const char *format, ...)
{
	const char *message;
	va_list values;

	va_start(values, format);
	message = arena_format_values(call->arena, format, values);
	va_end(values);
	return fault_add(&call->faults, &reasons[reason], field, "%s", message);
}

void
call_warn(struct call *call, const char *field, const char *message)
{
	const struct faults *warnings = &call->warnings;
	size_t i;

	for (i = 0; i < warnings->count; i++)
		if (text_equal(warnings->list[i].field, field) &&
		    text_equal(warnings->list[i].message, message))
			return;
	(void)fault_add(
	    &call->warnings, &reasons[INVALID_PARAMETER], field, "%s", message);
}

enum outcome
call_missing(struct call *call, enum outcome rc, enum reason_code reason,
    const char *field, const char *thing)
{
	if (rc != NOT_FOUND)
		return rc;
	return call_refuse(
	    call, reason, field, "there is no such %s in this account", thing);
}

bool
call_gives(const struct call *call, const char *name)
{
	return json_object_object_get_ex(call->document, name, NULL);
}

void
call_read_over(struct call *call, const struct schema *schema, void *out)
{
	struct faults ignored;
	struct reader reader = {
		.arena = call->arena,
		.faults = &ignored,
		.net_allow = call->server->config->net_allow,
	};
	enum outcome rc;

	faults_init(&ignored, call->arena);
	rc = field_read(&reader, schema, call->document, "", out);
	assert(rc == OK);
}

enum outcome
call_path_id(struct call *call, size_t value, enum reason_code reason,
    const char *thing, struct id *id)
{
	if (id_parse(call->values[value], id) == OK && !id_is_none(id))
		return OK;
	return call_missing(call, NOT_FOUND, reason, NULL, thing);
}
