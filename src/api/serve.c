/*
 * One request after another.  `steps` is the way of each: every step ends
 * it or lets it pass, and whatever comes of it is answered and logged.
 */
#include "base/base.h"

#include "api/serve.h"

#include "api/auth.h"
#include "api/await.h"
#include "api/call.h"
#include "api/quota.h"
#include "api/render.h"
#include "api/replay.h"
#include "api/routes.h"
#include "api/spooled.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/json.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/text.h"
#include "base/wake.h"
#include "base/when.h"
#include "db/db.h"
#include "db/tx.h"
#include "http/fcgi.h"
#include "model/field.h"

#include <json-c/json.h>
#include <string.h>

#define MESSAGE_MOST 1000
#define CORE "/core/"

typedef enum outcome step(struct call *call);

static step find_route, read_query, read_body, perform, wait_for_worker;

static step *const steps[] = {
	find_route,      /* 404, 405 */
	auth_check,      /* 401 */
	auth_allow,      /* 403 */
	quota_take,      /* 429 */
	replay_check,    /* 400 */
	read_query,      /* 400 */
	read_body,       /* 400, 413, 415 */
	spooled_behind,  /* kept for later, where others are */
	perform,         /* 404, 409 and what else the handler finds */
	wait_for_worker, /* what came of its work, if it waits for some */
};

static void serve_one(struct server *server, struct fcgi *fcgi);
static spooled_handle handle;
static enum outcome read_request(struct call *call, struct fcgi *fcgi);
static void conclude(struct call *call, enum outcome rc);

int
serve_run(const struct config *config, struct quota *quota)
{
	struct arena *arena = arena_new();
	struct fcgi *fcgi;
	struct server server = {
		.config = config,
		.arena = arena,
		.db = db_new(arena, config),
		.quota = quota,
		.secret_key = secret_configured(arena, config->secret_key_file),
	};
	int64_t served = 0;

	proc_catch();
	fcgi = fcgi_open(arena);
	while (!proc_ending() && served < config->api_requests) {
		if (fcgi_accept(fcgi, spooled_take_in(&server, handle)) != OK)
			continue;
		serve_one(&server, fcgi);
		served++;
	}
	arena_free(arena);
	return 0;
}

/* `rc` is what came of reading the request. */
static void
take_steps(struct call *call, enum outcome rc)
{
	size_t i;

	for (i = 0; rc == OK && call->response.body == NULL && i < COUNT(steps);
	     i++)
		rc = steps[i](call);
	await_leave(call);
	conclude(call, spooled_keep(call, rc));
}

static void
log_call(struct call *call, int64_t start)
{
	log_info("%s %s account=%s status=%d time=%lldus", call->request.method,
	    call->route != NULL ? call->route->path : "-",
	    id_is_none(&call->key.account_id)
		? "-"
		: id_text(call->arena, &call->key.account_id),
	    call->response.status, (long long)(when_elapsed() - start));
	log_about(NULL);
}

static struct call *
new_call(struct server *server, struct arena *arena)
{
	struct call *call = arena_alloc(arena, sizeof(*call));

	call->server = server;
	call->arena = arena;
	call->db = server->db;
	faults_init(&call->faults, arena);
	faults_init(&call->warnings, arena);
	return call;
}

static void
serve_one(struct server *server, struct fcgi *fcgi)
{
	struct arena *arena = arena_new();
	struct call *call = new_call(server, arena);
	int64_t start = when_elapsed();
	enum outcome rc = read_request(call, fcgi);

	log_about(call->request.id);
	take_steps(call, rc);
	response_write(&call->response, fcgi, arena);
	fcgi_finish(fcgi);
	log_call(call, start);
	arena_free(arena);
}

static const struct response *
handle(
    struct server *server, struct arena *arena, const struct request *request)
{
	struct call *call = new_call(server, arena);
	int64_t start = when_elapsed();

	call->request = *request;
	call->is_spooled = true;
	log_about(call->request.id);
	take_steps(call, OK);
	log_call(call, start);
	return &call->response;
}

/* Only a path that takes mail takes so much. */
static size_t
body_most(struct call *call)
{
	const struct route *route = route_next(NULL);

	for (; route != NULL; route = route_next(route))
		if ((route->flags & ROUTE_MAIL) != 0 &&
		    route_match(call->arena, route->path, call->request.path,
			call->values))
			return REQUEST_MAIL_MOST;
	return REQUEST_BODY_MOST;
}

static enum outcome
read_request(struct call *call, struct fcgi *fcgi)
{
	enum outcome rc = request_read_head(fcgi, call->arena, &call->request);
	size_t most = rc == OK ? body_most(call) : 0;

	if (rc == OK)
		rc = request_read_body(fcgi, call->arena, most, &call->request);
	if (rc == OK)
		return OK;
	if (rc == LIMITED)
		return call_refuse(call, PAYLOAD_TOO_LARGE, NULL,
		    "the body must be at most %zu bytes", most);
	return call_refuse(call, BAD_REQUEST, NULL,
	    "the path or the length of the body cannot be understood, or the"
	    " body stopped early");
}

/* Is it this path, with or without a slash at its end where that may be left
 * out? */
static bool
is_route(struct call *call, const struct route *route, const char *path)
{
	if (route_match(call->arena, route->path, path, call->values))
		return true;
	return (route->flags & ROUTE_SLASH) != 0 &&
	       route_match(call->arena, route->path,
		   arena_format(call->arena, "%s/", path), call->values);
}

/* The path as the table has it, and the flags that a route of it must have:
 * clients of the conversations API look for it below /core/. */
static const char *
table_path(struct call *call, unsigned *flags)
{
	const char *path = call->request.path;

	*flags = 0;
	if (strncmp(path, CORE, strlen(CORE)) != 0)
		return path;
	*flags = ROUTE_CORE;
	return arena_format(call->arena, "/v1/%s", path + strlen(CORE));
}

static enum outcome
find_route(struct call *call)
{
	unsigned flags;
	const char *path = table_path(call, &flags);
	const struct route *route = NULL;
	struct buf allowed;

	buf_init(&allowed, call->arena, MESSAGE_MOST);
	while ((route = route_next(route)) != NULL) {
		if ((route->flags & flags) != flags ||
		    !is_route(call, route, path))
			continue;
		if (text_equal(route->method, call->request.method)) {
			call->route = route;
			return OK;
		}
		buf_add_text(&allowed, allowed.length > 0 ? ", " : "");
		buf_add_text(&allowed, route->method);
	}
	if (allowed.length == 0)
		return call_refuse(call, ROUTE_NOT_FOUND, NULL,
		    "there is no such route; GET /v1/openapi.json lists them");
	response_header(&call->response, "Allow", buf_text(&allowed));
	return call_refuse(call, METHOD_NOT_ALLOWED, NULL,
	    "this route takes %s", buf_text(&allowed));
}

static struct reader
reader_of(struct call *call)
{
	return (struct reader){
		.arena = call->arena,
		.faults = &call->faults,
		.warnings = &call->warnings,
		.net_allow = call->server->config->net_allow,
	};
}

static enum outcome
read_query(struct call *call)
{
	const struct schema *schema = call->route->query;
	struct reader reader = reader_of(call);
	const char *const *pairs;
	void *query;

	if (schema == NULL)
		return OK;
	if (request_query(call->arena, call->request.query, &pairs) != OK)
		return call_refuse(call, BAD_REQUEST, NULL,
		    "the query is not percent-encoded UTF-8 text");
	query = arena_alloc(call->arena, schema->size);
	call->query = query;
	return field_read_query(&reader, schema, pairs, query);
}

/* An empty body stands for an object without members. */
static enum outcome
parse_body(struct call *call)
{
	struct json_fault fault;
	const char *body = call->request.body;
	size_t length = call->request.body_length;

	if (!request_is_json(&call->request))
		return call_refuse(call, UNSUPPORTED_MEDIA_TYPE, NULL,
		    "the body must be application/json");
	if (length == 0) {
		body = "{}";
		length = 2;
	}
	if (json_parse(call->arena, body, length, &call->document, &fault))
		return call_refuse(call, INVALID_JSON, NULL,
		    "line %zu, column %zu: %s", fault.line, fault.column,
		    fault.what);
	if (!json_object_is_type(call->document, json_type_object))
		return call_refuse(
		    call, INVALID_JSON, NULL, "the body must be an object");
	return OK;
}

/* Providers add to their forms without notice: nothing is warned about. */
static enum outcome
read_form(struct call *call, const struct schema *schema)
{
	struct reader reader = reader_of(call);
	void *body = arena_alloc(call->arena, schema->size);

	if (!request_is_form(&call->request))
		return call_refuse(call, UNSUPPORTED_MEDIA_TYPE, NULL,
		    "the body must be application/x-www-form-urlencoded");
	if (request_form(call->arena, &call->request, &call->form) != OK)
		return call_refuse(call, BAD_REQUEST, NULL,
		    "the form is not percent-encoded UTF-8 text");
	call->body = body;
	reader.warnings = NULL;
	return field_read_query(&reader, schema, call->form, body);
}

static enum outcome
read_body(struct call *call)
{
	const struct schema *schema = call->route->body;
	struct reader reader = reader_of(call);
	void *body;
	enum outcome rc;

	if (schema == NULL)
		return OK;
	if ((call->route->flags & ROUTE_FORM) != 0)
		return read_form(call, schema);
	rc = parse_body(call);
	if (rc != OK)
		return rc;
	/* So do they to theirs, who ask without a key. */
	if ((call->route->flags & ROUTE_OPEN) != 0)
		reader.warnings = NULL;
	body = arena_alloc(call->arena, schema->size);
	call->body = body;
	return field_read(&reader, schema, call->document, "", body);
}

/* The handler, and the answer that it made as text. */
static enum outcome
answer(struct call *call)
{
	enum outcome rc;

	call->answer = render_room(call);
	rc = call->route->handler(call);
	if (rc == OK && call->await.finish == NULL)
		render_answer(call);
	return rc;
}

static enum outcome
answer_within(struct db *db, void *context)
{
	struct call *call = context;
	bool keyed = replay_is_asked(call);
	enum outcome rc = OK;

	(void)db;
	call->faults.count = 0;
	call->response = (struct response){ 0 };
	call->settled = NULL;
	call->resumed = NULL;
	call->await = (struct await){ .finish = NULL };
	if (keyed)
		rc = replay_claim(call);
	if (rc != OK || call->response.body != NULL)
		return rc;
	rc = answer(call);
	if (rc != OK || !keyed || call->resumed != NULL)
		return rc;
	if (call->await.again)
		return replay_forget(call);
	call->settled = replay_settled;
	return replay_keep(call);
}

static enum outcome
ask_after(struct db *db, void *context)
{
	struct call *call = context;

	return call->settled != NULL ? call->settled(db, call) : UNAVAILABLE;
}

static enum outcome
perform(struct call *call)
{
	struct tx tx = { answer_within, ask_after, call };

	enum outcome rc;

	if ((call->route->flags & ROUTE_WRITES) == 0)
		return answer(call);
	rc = tx_run(call->db, &tx);
	if (rc == OK)
		wake_send(call->server->config->worker_wake);
	return rc;
}

static enum outcome
wait_for_worker(struct call *call)
{
	int64_t last = when_elapsed() + AWAIT_PATIENCE * WHEN_SECOND;
	enum outcome rc = OK;

	while (rc == OK && call->await.again) {
		rc = await_before(call, last);
		if (rc == OK)
			rc = perform(call);
	}
	if (rc != OK || call->await.finish == NULL)
		return rc;
	rc = await_end(call);
	if (rc == OK)
		render_answer(call);
	return rc;
}

/* Makes an answer of whatever came of the call. */
static void
conclude(struct call *call, enum outcome rc)
{
	if (rc == AGAIN || rc == UNAVAILABLE) {
		call->faults.count = 0;
		response_header(&call->response, "Retry-After", "1");
		(void)call_refuse(call, SERVICE_UNAVAILABLE, NULL,
		    "the store cannot be reached now; if this request changes"
		    " something, look before you repeat it, or repeat it with"
		    " its Idempotency-Key");
	} else if (rc == FAULT || (rc != OK && call->faults.count == 0)) {
		call->faults.count = 0;
		(void)call_refuse(call, INTERNAL_ERROR, NULL,
		    "something of ours is broken; the operator's log says"
		    " what, beside this request_id");
	}
	if (rc != OK)
		render_faults(call);
	response_header(&call->response, "X-Request-Id", call->request.id);
}
