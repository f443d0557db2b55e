#include "base/base.h"

#include "api/render.h"

#include "api/answer.h"
#include "api/call.h"
#include "api/routes.h"
#include "base/arena.h"
#include "base/json.h"
#include "http/problem.h"
#include "model/page.h"

#include <json-c/json.h>

/* Nothing is said at once. */
static const char twiml[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response/>\n";

void *
render_room(struct call *call)
{
	switch (call->route->envelope) {
	case ENVELOPE_LIST:
	case ENVELOPE_ARRAY:
	case ENVELOPE_STATUS_LIST:
		return arena_alloc(call->arena, sizeof(struct list));
	case ENVELOPE_PAGE:
		return arena_alloc(call->arena, sizeof(struct page));
	case ENVELOPE_DATA:
	case ENVELOPE_BARE:
	case ENVELOPE_TWIML:
	case ENVELOPE_HTML:
	case ENVELOPE_STATUS:
		break;
	case ENVELOPE_NONE:
		return NULL;
	}
	return arena_alloc(call->arena, call->route->answer->size);
}

static void
add(struct json_object *object, const char *name, struct json_object *value)
{
	(void)json_object_object_add_ex(
	    object, name, value, JSON_C_OBJECT_ADD_CONSTANT_KEY);
}

static struct json_object *
wrap(struct json_object *data)
{
	struct json_object *document = json_object_new_object();

	add(document, "data", data);
	add(document, "errors", NULL);
	return document;
}

/* The oldest style has the HTTP status in the document as well. */
static struct json_object *
wrap_status(const struct call *call, struct json_object *data)
{
	struct json_object *document = json_object_new_object();

	add(document, "status", json_object_new_int(call->route->status));
	add(document, "data", data);
	add(document, "errors", NULL);
	return document;
}

static struct json_object *
wrap_page(
    struct arena *arena, const struct schema *schema, const struct page *page)
{
	struct json_object *document =
	    wrap(field_write_list(arena, schema, &page->list));
	struct json_object *extra = json_object_new_object();

	add(extra, "pagination",
	    field_write(arena, &pagination_schema, &page->pagination));
	add(document, "extra", extra);
	return document;
}

static struct json_object *
document_of(const struct call *call)
{
	const struct schema *schema = call->route->answer;
	struct arena *arena = call->arena;

	switch (call->route->envelope) {
	case ENVELOPE_DATA:
		return wrap(field_write(arena, schema, call->answer));
	case ENVELOPE_LIST:
		return wrap(field_write_list(arena, schema, call->answer));
	case ENVELOPE_ARRAY:
		return field_write_list(arena, schema, call->answer);
	case ENVELOPE_PAGE:
		return wrap_page(arena, schema, call->answer);
	case ENVELOPE_STATUS:
		return wrap_status(
		    call, field_write(arena, schema, call->answer));
	case ENVELOPE_STATUS_LIST:
		return wrap_status(
		    call, field_write_list(arena, schema, call->answer));
	case ENVELOPE_BARE:
	case ENVELOPE_HTML:
	case ENVELOPE_TWIML:
	case ENVELOPE_NONE:
		break;
	}
	return field_write(arena, schema, call->answer);
}

static struct json_object *
warnings_of(const struct call *call)
{
	struct json_object *list = json_object_new_array(), *item;
	size_t i;

	for (i = 0; i < call->warnings.count; i++) {
		item = json_object_new_object();
		add(item, "field", json_string(call->warnings.list[i].field));
		add(item, "message",
		    json_string(call->warnings.list[i].message));
		(void)json_object_array_add(list, item);
	}
	return list;
}

void
render_answer(struct call *call)
{
	struct json_object *document;

	call->response.status =
	    call->status != 0 ? call->status : call->route->status;
	if (call->route->envelope == ENVELOPE_NONE) {
		call->response.body = "";
		return;
	}
	document = json_own(call->arena, document_of(call));
	if (call->route->envelope == ENVELOPE_TWIML) {
		call->response.type = "text/xml";
		call->response.body = call->twiml != NULL ? call->twiml : twiml;
		return;
	}
	if (call->route->envelope == ENVELOPE_HTML) {
		call->response.type = "text/html; charset=utf-8";
		call->response.body =
		    ((const struct answer_message *)call->answer)->message;
		return;
	}
	if (call->warnings.count > 0 && call->route->envelope != ENVELOPE_ARRAY)
		add(document, "warnings", warnings_of(call));
	call->response.body = json_text(call->arena, document);
}

/* A body that is no JSON is a bad request everywhere; what it says may be
 * invalid in other words on the routes of the conversations API. */
static int
status_of(const struct call *call, const struct reason *reason)
{
	bool is_core =
	    call->route != NULL && (call->route->flags & ROUTE_CORE) != 0;

	if (is_core && reason->status == 400 &&
	    reason != &reasons[BAD_REQUEST] &&
	    reason != &reasons[INVALID_JSON] &&
	    reason != &reasons[INVALID_IDEMPOTENCY_KEY])
		return 422;
	return reason->status;
}

void
render_faults(struct call *call)
{
	int status = status_of(call, call->faults.list[0].reason);

	call->response.status = status;
	call->response.body =
	    problem_text(call->arena, &call->faults, status, call->request.id);
}
