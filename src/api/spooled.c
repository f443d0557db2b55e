#include "base/base.h"

#include "api/spooled.h"

#include "api/answer.h"
#include "api/call.h"
#include "api/hooks_voice.h"
#include "api/render.h"
#include "api/routes.h"
#include "api/unsubscribe.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/log.h"
#include "base/spool.h"
#include "base/when.h"
#include "http/request_lines.h"

/* How long one process takes in before it serves again. */
#define STRETCH WHEN_SECOND
#define LOOK 1000 /* ms */
#define LINES_MOST ((size_t)256 * 1024)

static const char *
directory_of(const struct call *call)
{
	bool is_kept = call->route != NULL && !call->is_spooled &&
		       (call->route->flags & ROUTE_SPOOLED) != 0;

	return is_kept ? call->server->config->api_spool : NULL;
}

static void
say_spooled(struct call *call)
{
	struct answer_status *answer = call->answer;

	answer->status = "spooled";
}

/* What is said meanwhile, and whether there is anything that could be lost. */
struct manner {
	handler *of;
	void (*say)(struct call *call);
	bool (*is_news)(const struct call *call); /* NULL: it always is */
};

static const struct manner plain = { NULL, say_spooled, NULL };

static const struct manner others[] = {
	{ hooks_twilio_voice, hooks_voice_bridge, hooks_voice_is_news },
	{ unsubscribe, unsubscribe_later, NULL },
};

static const struct manner *
manner_of(const struct call *call)
{
	size_t i;

	for (i = 0; i < COUNT(others); i++)
		if (others[i].of == call->route->handler)
			return &others[i];
	return &plain;
}

static void
answer(struct call *call, const struct manner *manner)
{
	call->answer = render_room(call);
	call->faults.count = 0;
	call->response = (struct response){ 0 };
	call->await = (struct await){ .finish = NULL };
	call->twiml = NULL;
	manner->say(call);
	render_answer(call);
}

static enum outcome
put(const struct request *request, struct arena *arena, const char *directory)
{
	struct buf head;

	buf_init(&head, arena, LINES_MOST);
	if (request_write_lines(&head, request) != OK) {
		log_warning("it has no lines, and cannot be kept");
		return INVALID;
	}
	return spool_put(directory, &head, request->body, request->body_length);
}

static enum outcome
keep(struct call *call, const char *directory)
{
	const struct manner *manner = manner_of(call);
	enum outcome rc = OK;

	if (manner->is_news == NULL || manner->is_news(call)) {
		rc = put(&call->request, call->arena, directory);
		if (rc == OK)
			log_info("it is kept in the spool");
	}
	if (rc == OK)
		answer(call, manner);
	return rc;
}

enum outcome
spooled_behind(struct call *call)
{
	const char *directory = directory_of(call);

	if (directory == NULL || spool_is_empty(directory))
		return OK;
	return keep(call, directory) == OK ? OK : UNAVAILABLE;
}

enum outcome
spooled_keep(struct call *call, enum outcome rc)
{
	const char *directory = directory_of(call);

	if (directory == NULL || (rc != AGAIN && rc != UNAVAILABLE))
		return rc;
	return keep(call, directory) == OK ? OK : rc;
}

/* --- Later. */

struct taking {
	struct server *server;
	spooled_handle *handle;
};

static enum outcome
take(void *context, struct arena *arena, char *bytes, size_t length)
{
	const struct taking *taking = context;
	const struct response *response;
	struct request request;

	if (request_read_lines(bytes, length, &request) != OK) {
		log_warning("what is in the spool is no request");
		return INVALID;
	}
	response = taking->handle(taking->server, arena, &request);
	if (response->status == 503)
		return AGAIN;
	if (response->status >= 500)
		return FAULT;
	if (response->status >= 400)
		log_warning(
		    "what was in the spool is refused: %s", response->body);
	return OK;
}

int
spooled_take_in(struct server *server, spooled_handle *handle)
{
	const char *directory = server->config->api_spool;
	struct taking taking = { server, handle };
	int64_t now = when_elapsed();

	if (directory == NULL)
		return LOOK;
	if (now < server->spool_look)
		return (int)((server->spool_look - now) / 1000);
	if (!spool_is_empty(directory) &&
	    spool_take(directory, STRETCH, take, &taking) == LIMITED)
		return 0;
	server->spool_look = when_elapsed() + LOOK * INT64_C(1000);
	return LOOK;
}
