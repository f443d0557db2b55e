/*
 * Email addresses of the account.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "model/email_address.h"
#include "model/field.h"

#include "tap.h"

static enum outcome
read_address(struct arena *arena, const char *json, struct faults *faults,
    struct email_address *address)
{
	struct reader reader = { .arena = arena, .faults = faults };
	struct json_object *document;
	struct json_fault fault;

	faults_init(faults, arena);
	if (json_parse(arena, json, strlen(json), &document, &fault) != OK)
		return FAULT;
	return field_read(
	    &reader, &email_address_schema, document, "", address);
}

int
main(void)
{
	struct arena *arena = arena_new();
	struct email_address address = { .label = NULL };
	struct faults faults;

	is_int(read_address(arena,
		   "{\"address\":\"Help@Example.org\",\"carrier_id\":"
		   "\"0193a1b2-0000-7000-8000-000000000001\"}",
		   &faults, &address),
	    OK, "an address and its carrier are enough");
	ok(id_is_none(&address.inbound_agent_version_id), "no agent answers");
	is_int(read_address(arena, "{\"address\":\"help(x)@example.org\"}",
		   &faults, &address),
	    INVALID, "an address with a comment is none");
	is_int((int64_t)faults.count, 2, "and a carrier is missing");
	arena_free(arena);
	return done();
}
