#include "base/base.h"

#include "api/health.h"

#include "api/call.h"
#include "db/migrate.h"
#include "model/field.h"

struct health {
	const char *status;
};

struct ready {
	const char *status;
	int64_t schema_version;
};

static const struct field health_fields[] = {
	{ "status", FIELD_TEXT, 0, FIELD_AT(struct health, status) },
};

static const struct field ready_fields[] = {
	{ "status", FIELD_TEXT, 0, FIELD_AT(struct ready, status) },
	{ "schema_version", FIELD_INTEGER, 0,
	    FIELD_AT(struct ready, schema_version) },
};

const struct schema health_schema =
    SCHEMA("Health", health_fields, struct health);
const struct schema ready_schema = SCHEMA("Ready", ready_fields, struct ready);

enum outcome
health_show(struct call *call)
{
	struct health *answer = call->answer;

	answer->status = "ok";
	return OK;
}

enum outcome
ready_show(struct call *call)
{
	struct ready *answer = call->answer;
	enum outcome rc =
	    migrate_version(call->db, call->arena, &answer->schema_version);

	if (rc != OK)
		return rc;
	if (answer->schema_version != migrate_needed()) {
		response_header(&call->response, "Retry-After", "5");
		return call_refuse(call, SERVICE_UNAVAILABLE, NULL,
		    "the store has schema version %lld, this server needs"
		    " %lld: run `parley migrate`",
		    (long long)answer->schema_version,
		    (long long)migrate_needed());
	}
	answer->status = "ready";
	return OK;
}
