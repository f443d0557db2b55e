#include "base/base.h"

#include "api/agent_config.h"

#include "api/call.h"
#include "base/config.h"
#include "base/json.h"
#include "model/agent_config.h"
#include "model/field.h"
#include "model/field_schema.h"
#include "store/reference.h"

#include <json-c/json.h>
#include <string.h>

enum outcome
agent_config_accept(struct call *call, const char *path, const char *text,
    struct agent_config *config)
{
	struct faults warnings;
	struct reader reader = { call->arena, &call->faults, &warnings,
		call->server->config->net_allow };
	struct json_object *document;
	struct json_fault ignored;
	size_t i;
	enum outcome rc =
	    json_parse(call->arena, text, strlen(text), &document, &ignored);

	assert(rc == OK);
	faults_init(&warnings, call->arena);
	rc = agent_config_parse(&reader, document, path, config);
	for (i = 0; i < warnings.count; i++)
		call_warn(
		    call, warnings.list[i].field, warnings.list[i].message);
	if (rc != OK)
		return rc;
	return reference_check_agent(call->db, call->arena,
	    &call->key.account_id, config, path, &call->faults);
}

/* A JSON Schema as members of an answer. */
struct document {
	const char *schema;
	const char *title;
	const char *type;
	const char *properties;
	bool additional;
	const char *definitions;
};

#define AT(member) FIELD_AT(struct document, member)

/* clang-format off */
static const struct field fields[] = {
	{ "$schema", FIELD_TEXT, 0, AT(schema) },
	{ "title", FIELD_TEXT, 0, AT(title) },
	{ "type", FIELD_TEXT, 0, AT(type) },
	{ "properties", FIELD_OBJECT, 0, AT(properties) },
	{ "additionalProperties", FIELD_BOOLEAN, 0, AT(additional) },
	{ "$defs", FIELD_OBJECT, 0, AT(definitions) },
};
/* clang-format on */

const struct schema agent_config_document_schema =
    SCHEMA("AgentConfigSchema", fields, struct document);

static const char *
text_of(struct call *call, struct json_object *document, const char *name)
{
	return json_text(call->arena, json_object_object_get(document, name));
}

enum outcome
agent_config_describe(struct call *call)
{
	struct document *answer = call->answer;
	struct json_object *document = json_own(call->arena,
	    field_schema_document(call->arena, &agent_config_schema));

	*answer = (struct document){
		.schema = FIELD_SCHEMA_DIALECT,
		.title = agent_config_schema.name,
		.type = "object",
		.properties = text_of(call, document, "properties"),
		.additional = true,
		.definitions = text_of(call, document, "$defs"),
	};
	return OK;
}
