#include "base/base.h"

#include "api/agent_versions.h"

#include "api/agent_config.h"
#include "api/agents.h"
#include "api/call.h"
#include "api/paging.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/names.h"
#include "base/text.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "model/agent_config.h"
#include "model/number.h"
#include "model/phone.h"
#include "store/agent.h"
#include "store/agent_version.h"
#include "store/number.h"

#include <json-c/json.h>
#include <string.h>

#define NUMBERS_MOST 100
#define NEW_CONFIG "{}"
#define LATEST "latest"

/* Which places of a number are meant. */
enum place_kind { PLACE_INBOUND, PLACE_OUTBOUND, PLACE_BOTH, PLACE_N };

struct versions_query {
	struct agent_version_filter filter;
	struct paging paging;
};

struct version_request {
	const char *config;
	const char *base_version;
};

struct publish_request {
	const char *assigned; /* JSON array of texts, as the next */
	const char *unassigned;
	int place; /* enum place_kind */
};

struct version_shown {
	struct agent_version version;
	bool published;
};

static const char *const place_words[] = {
	[PLACE_INBOUND] = "inbound",
	[PLACE_OUTBOUND] = "outbound",
	[PLACE_BOTH] = "both",
};
static_assert(COUNT(place_words) == PLACE_N, "a word for every place");

static const struct names place_names = NAMES(place_words);

#define QUERY_AT(member) FIELD_AT(struct versions_query, member)
#define AT(member) FIELD_AT(struct version_request, member)
#define PUBLISH_AT(member) FIELD_AT(struct publish_request, member)
#define SHOWN_AT(member) FIELD_AT(struct version_shown, member)

/* clang-format off */
static const struct field query_fields[] = {
	{ "version", FIELD_INTEGER, 0, QUERY_AT(filter.version), 1, 0 },
	{ "published", FIELD_NAME, 0, QUERY_AT(filter.published),
	    .names = &either_names },
	{ "span", FIELD_INLINE, 0, QUERY_AT(filter.span),
	    .schema = &agent_span_schema },
	{ "paging", FIELD_INLINE, 0, QUERY_AT(paging),
	    .schema = &paging_schema },
};

#define CONFIG(flags)                                                         \
	{ "config", FIELD_OBJECT, (flags), AT(config),                        \
	    .most = AGENT_CONFIG_MOST,                                        \
	    .about = "As GET /v1/agent-config-schema describes it." }

static const struct field request_fields[] = {
	CONFIG(FIELD_NULLABLE),
	{ "base_version", FIELD_TEXT, FIELD_NULLABLE | FIELD_OR_NUMBER,
	    AT(base_version), 1, 20,
	    .about = "A number or latest: whose config it has if none is"
	    " given." },
};

static const struct field update_fields[] = { CONFIG(FIELD_REQUIRED) };

static const struct field publish_fields[] = {
	{ "phone_numbers", FIELD_TEXTS, FIELD_NULLABLE, PUBLISH_AT(assigned),
	    .most = NUMBERS_MOST,
	    .about = "It is assigned to these, in the places that direction"
	    " names." },
	{ "unassign_phone_numbers", FIELD_TEXTS, FIELD_NULLABLE,
	    PUBLISH_AT(unassigned), .most = NUMBERS_MOST,
	    .about = "From these places every version of the agent is"
	    " taken." },
	{ "direction", FIELD_NAME, FIELD_OR_DEFAULT, PUBLISH_AT(place),
	    .names = &place_names,
	    .about = "inbound, if not given: who answers calls; outbound:"
	    " who calls." },
};

#define HEAD_FIELDS                                                           \
	{ "id", FIELD_ID, 0, SHOWN_AT(version.id) },                          \
	{ "agent_id", FIELD_ID, 0, SHOWN_AT(version.agent_id) },              \
	{ "version", FIELD_INTEGER, 0, SHOWN_AT(version.version) },           \
	{ "published", FIELD_BOOLEAN, 0, SHOWN_AT(published),                 \
	    .about = "Then it never changes." },                              \
	{ "published_at", FIELD_WHEN, FIELD_NULLABLE,                         \
	    SHOWN_AT(version.published_at) },                                 \
	{ "created_at", FIELD_WHEN, 0, SHOWN_AT(version.created_at) },        \
	{ "updated_at", FIELD_WHEN, 0, SHOWN_AT(version.updated_at) }

static const struct field head_fields[] = { HEAD_FIELDS };

static const struct field shown_fields[] = {
	HEAD_FIELDS,
	{ "config", FIELD_OBJECT, 0, SHOWN_AT(version.config),
	    .about = "As it was sent." },
};
/* clang-format on */

const struct schema agent_versions_query_schema =
    SCHEMA("AgentVersionsQuery", query_fields, struct versions_query);
const struct schema agent_version_request_schema =
    SCHEMA("AgentVersionRequest", request_fields, struct version_request);
const struct schema agent_version_update_schema =
    SCHEMA("AgentVersionUpdate", update_fields, struct version_request);
const struct schema agent_version_schema =
    SCHEMA("AgentVersion", shown_fields, struct version_shown);
const struct schema agent_version_head_schema =
    SCHEMA("AgentVersionHead", head_fields, struct version_shown);
const struct schema agent_publish_schema =
    SCHEMA("AgentPublishRequest", publish_fields, struct publish_request);

static enum outcome find_version(struct call *call,
    const struct agent_head *agent, const char *word, const char *field,
    struct agent_version *version);
static enum outcome find_draft(
    struct call *call, struct agent_head *agent, struct agent_version *version);
static enum outcome set_places(struct call *call,
    const struct publish_request *request, const struct agent_version *version,
    struct list *answer);

static struct version_shown
show(const struct agent_version *version)
{
	return (struct version_shown){ *version, version->published_at != 0 };
}

struct list
agent_versions_shown(struct arena *arena, const struct rows *rows)
{
	const struct agent_version *versions = rows->list;
	struct version_shown *shown =
	    arena_alloc(arena, rows->count * sizeof(*shown) + 1);
	size_t i;

	for (i = 0; i < rows->count; i++)
		shown[i] = show(&versions[i]);
	return (struct list){ shown, rows->count };
}

static struct cursor
place_of(const struct rows *rows, size_t index)
{
	const struct agent_version *versions = rows->list;

	return (
	    struct cursor){ versions[index].created_at, versions[index].id };
}

enum outcome
agent_versions_list(struct call *call)
{
	const struct versions_query *query = call->query;
	struct list *answer = call->answer;
	struct agent_head agent;
	struct cursor behind;
	struct rows rows;
	int64_t limit;
	enum outcome rc = paging_begin(call, &query->paging, &limit, &behind);

	if (rc == OK)
		rc = agents_find(call, false, &agent);
	if (rc == OK)
		rc = agent_version_list(call->db, call->arena,
		    &call->key.account_id, &agent.id, &query->filter, &behind,
		    limit + 1, &rows);
	if (rc != OK)
		return rc;
	paging_end(call, &rows, limit, place_of, answer);
	rows.count = answer->count;
	*answer = agent_versions_shown(call->arena, &rows);
	return OK;
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct call *call = context;
	const struct version_shown *made = call->witness;
	struct agent_version ignored;

	return agent_version_find(db, call->arena, &call->key.account_id,
	    &made->version.id, &ignored);
}

enum outcome
agent_versions_create(struct call *call)
{
	const struct version_request *body = call->body;
	struct version_shown *answer = call->answer;
	const char *config = body->config;
	struct agent_head agent;
	struct agent_version base;
	struct agent_config ignored;
	enum outcome rc = agents_find(call, true, &agent);

	if (rc == OK && body->base_version != NULL) {
		rc = find_version(
		    call, &agent, body->base_version, "/base_version", &base);
		if (rc == OK && config == NULL)
			config = base.config;
	}
	if (rc == OK && config == NULL)
		return call_refuse(call, MISSING_REQUIRED_FIELDS, "/config",
		    "config is required where there is no base_version");
	if (rc == OK && body->config != NULL)
		rc = agent_config_accept(call, "/config", config, &ignored);
	if (rc != OK)
		return rc;
	call->witness = answer;
	call->settled = is_there;
	rc = agent_version_add(
	    call->db, &call->key.account_id, &agent, config, &answer->version);
	*answer = show(&answer->version);
	return rc;
}

enum outcome
agent_versions_show(struct call *call)
{
	struct version_shown *answer = call->answer;
	bool is_latest = text_equal(call->values[1], LATEST);
	struct agent_head agent;
	enum outcome rc = agents_find(call, is_latest, &agent);

	call->settled = tx_repeat;
	if (rc == OK)
		rc = is_latest ? find_draft(call, &agent, &answer->version)
			       : find_version(call, &agent, call->values[1],
				     NULL, &answer->version);
	*answer = show(&answer->version);
	return rc;
}

enum outcome
agent_versions_update(struct call *call)
{
	const struct version_request *body = call->body;
	struct version_shown *answer = call->answer;
	struct agent_version *version = &answer->version;
	struct agent_config ignored;
	struct agent_head agent;
	enum outcome rc = agents_find(call, true, &agent);

	call->settled = tx_repeat;
	if (rc == OK)
		rc = text_equal(call->values[1], LATEST)
			 ? find_draft(call, &agent, version)
			 : find_version(
			       call, &agent, call->values[1], NULL, version);
	if (rc == OK)
		rc = agent_config_accept(
		    call, "/config", body->config, &ignored);
	if (rc != OK)
		return rc;
	version->config = body->config;
	rc = agent_version_write(call->db, &call->key.account_id, version);
	if (rc == CONFLICT)
		return call_refuse(call, AGENT_VERSION_PUBLISHED, NULL,
		    "version %lld is published and never changes: GET"
		    " .../versions/latest gives a draft",
		    (long long)version->version);
	*answer = show(version);
	return rc;
}

enum outcome
agent_versions_publish(struct call *call)
{
	const struct publish_request *body = call->body;
	struct agent_head agent;
	struct agent_version version;
	enum outcome rc = agents_find(call, true, &agent);

	call->settled = tx_repeat;
	if (rc == OK)
		rc =
		    find_version(call, &agent, call->values[1], NULL, &version);
	if (rc == OK)
		rc = agent_version_publish(
		    call->db, &call->key.account_id, &version);
	return rc == OK ? set_places(call, body, &version, call->answer) : rc;
}

/* The one that a number or "latest" names. */
static enum outcome
find_version(struct call *call, const struct agent_head *agent,
    const char *word, const char *field, struct agent_version *version)
{
	const struct id *account = &call->key.account_id;
	int64_t number;
	enum outcome rc = NOT_FOUND;

	if (text_equal(word, LATEST))
		rc = agent_version_find_last(
		    call->db, call->arena, account, &agent->id, version);
	else if (text_to_integer(word, &number) == OK)
		rc = agent_version_find_number(call->db, call->arena, account,
		    &agent->id, number, version);
	return call_missing(
	    call, rc, AGENT_VERSION_NOT_FOUND, field, "version of this agent");
}

/* The newest one, which after this is a draft. */
static enum outcome
find_draft(
    struct call *call, struct agent_head *agent, struct agent_version *version)
{
	const struct id *account = &call->key.account_id;
	enum outcome rc = agent_version_find_last(
	    call->db, call->arena, account, &agent->id, version);

	if (rc == OK && version->published_at == 0)
		return OK;
	if (rc != OK && rc != NOT_FOUND)
		return rc;
	return agent_version_add(call->db, account, agent,
	    rc == OK ? version->config : NEW_CONFIG, version);
}

/* --- Places of numbers. */

/* A number that a request to publish names. */
struct named {
	const char *field;
	const char *number;
	bool is_assigned;
};

/* Adds the items of an array to those that were named; one that is no
 * number, or is there already, is refused. */
static enum outcome
name_all(struct call *call, const char *json, const char *field,
    bool is_assigned, struct named *named, size_t *count)
{
	struct json_object *items;
	struct json_fault ignored;
	const char *number;
	size_t i, k;
	enum outcome rc = OK;

	if (json == NULL)
		return OK;
	if (json_parse(call->arena, json, strlen(json), &items, &ignored) != OK)
		return FAULT;
	for (i = 0; i < json_object_array_length(items); i++) {
		number =
		    json_object_get_string(json_object_array_get_idx(items, i));
		named[*count] = (struct named){
			arena_format(call->arena, "%s/%zu", field, i),
			number,
			is_assigned,
		};
		for (k = 0; !text_equal(named[k].number, number); k++)
			;
		if (!phone_is_e164(number))
			rc = call_refuse(call, INVALID_PARAMETER,
			    named[*count].field,
			    "%s is no phone number in E.164", number);
		else if (k < *count)
			rc = call_refuse(call, INVALID_PARAMETER,
			    named[*count].field, "%s is named twice", number);
		(*count)++;
	}
	return rc;
}

/* Is the place empty, or has it a version of this agent? */
static enum outcome
check_own(struct call *call, const struct named *named, const struct id *place,
    const struct id *agent)
{
	struct agent_version there = { .agent_id = *agent };
	enum outcome rc = OK;

	if (!id_is_none(place))
		rc = agent_version_find(call->db, call->arena,
		    &call->key.account_id, place, &there);
	if (rc != OK || id_equal(&there.agent_id, agent))
		return rc;
	return call_refuse(call, PHONE_NUMBER_IN_USE, named->field,
	    "%s is assigned to another agent, %s", named->number,
	    id_text(call->arena, &there.agent_id));
}

/* Puts the version into one place of a number, or takes it out. */
static enum outcome
set_place(struct call *call, const struct named *named,
    const struct agent_version *version, struct id *place)
{
	static const struct id none;
	enum outcome rc = OK;

	if (!named->is_assigned)
		rc = check_own(call, named, place, &version->agent_id);
	if (rc == OK)
		*place = named->is_assigned ? version->id : none;
	return rc;
}

static enum outcome
set_number(struct call *call, const struct named *named, int place,
    const struct agent_version *version, struct phone_number *number)
{
	const struct id *account = &call->key.account_id;
	enum outcome rc =
	    number_hold(call->db, call->arena, account, named->number);

	if (rc == OK)
		rc = number_find(
		    call->db, call->arena, account, named->number, number);
	rc = call_missing(
	    call, rc, PHONE_NUMBER_NOT_FOUND, named->field, "phone number");
	if (rc == OK && place != PLACE_OUTBOUND)
		rc = set_place(
		    call, named, version, &number->inbound_agent_version_id);
	if (rc == OK && place != PLACE_INBOUND)
		rc = set_place(
		    call, named, version, &number->outbound_agent_version_id);
	return rc == OK ? number_set_agents(call->db, account, number) : rc;
}

static enum outcome
set_places(struct call *call, const struct publish_request *request,
    const struct agent_version *version, struct list *answer)
{
	struct named *named =
	    arena_alloc(call->arena, 2 * NUMBERS_MOST * sizeof(*named));
	struct phone_number *numbers =
	    arena_alloc(call->arena, 2 * NUMBERS_MOST * sizeof(*numbers));
	size_t i, count = 0;
	enum outcome one, rc = name_all(call, request->assigned,
			      "/phone_numbers", true, named, &count);

	if (name_all(call, request->unassigned, "/unassign_phone_numbers",
		false, named, &count) != OK)
		rc = INVALID;
	if (rc != OK)
		return rc;
	for (i = 0; (rc == OK || rc == INVALID) && i < count; i++) {
		one = set_number(
		    call, &named[i], request->place, version, &numbers[i]);
		rc = one == OK ? rc : one;
	}
	*answer = (struct list){ numbers, count };
	return rc;
}
