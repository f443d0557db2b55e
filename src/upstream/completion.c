#include "base/base.h"

#include "upstream/completion.h"

#include "base/arena.h"
#include "base/config.h"
#include "net/fetch.h"

#include <string.h>

/* Two parameters can be done without, and so can the model that is asked for
 * and the order of messages. */
#define TRIES 5
#define PATH "/chat/completions"

static const char json_type[] = "Content-Type: application/json";

static const char *url_of(
    struct arena *arena, const struct completion_line *line);
static enum outcome fail(
    struct completion_answer *answer, const char *code, const char *reason);
static enum outcome call(struct arena *arena, const struct config *config,
    const struct completion_line *line, const char *body,
    struct completion_reply *reply, struct completion_answer *answer);

/* Is it worth while to ask again, otherwise than before? */
static bool
adapt(struct arena *arena, const struct completion_reply *reply,
    const struct completion_line *line, const char **model,
    struct completion_manner *manner)
{
	if (*model == line->model || !completion_is_unknown(arena, reply))
		return completion_adapt(arena, reply, manner);
	*model = line->model;
	return true;
}

enum outcome
completion_ask(struct arena *arena, const struct config *config,
    const struct completion_line *line,
    const struct completion_request *request, struct completion_answer *answer)
{
	struct completion_request whole = *request;
	struct completion_manner manner = { .newer_limit = false };
	struct completion_reply reply;
	const char *model =
	    request->model != NULL ? request->model : line->model;
	int64_t elapsed = 0;
	enum outcome rc;
	int i;

	if (line->url == NULL || line->model == NULL)
		return fail(answer, LLM_NOT_CONFIGURED,
		    "no language model is configured: set [llm] url and"
		    " model, or PUT /v1/model");
	if (whole.most_tokens == 0)
		whole.most_tokens = config->llm_most_tokens;
	for (i = 0; i < TRIES; i++) {
		rc = call(arena, config, line,
		    completion_write(arena, model, &whole, &manner), &reply,
		    answer);
		elapsed += answer->elapsed;
		if (rc != OK || !adapt(arena, &reply, line, &model, &manner))
			break;
	}
	if (rc == OK)
		rc = completion_read(arena, &reply, &whole, answer);
	if (rc == OK && answer->model == NULL)
		answer->model = model;
	answer->elapsed = elapsed;
	return rc;
}

static enum outcome
fail(struct completion_answer *answer, const char *code, const char *reason)
{
	*answer = (struct completion_answer){
		.text = "",
		.code = code,
		.reason = reason,
	};
	return AGAIN;
}

/* OK: there is a reply, of any status. */
static enum outcome
call(struct arena *arena, const struct config *config,
    const struct completion_line *line, const char *body,
    struct completion_reply *reply, struct completion_answer *answer)
{
	const char *headers[] = { json_type, NULL, NULL };
	struct fetch_request request = {
		.method = "POST",
		.url = url_of(arena, line),
		.headers = headers,
		.body = body,
		.length = strlen(body),
		.trusted = line->trusted,
		.plain = true, /* the URL was judged when it was given */
		.patient = true,
		.timeout = config->llm_timeout,
		.most = COMPLETION_MOST,
	};
	struct fetch_answer fetched;
	enum outcome rc;

	if (line->key != NULL)
		headers[1] =
		    arena_format(arena, "Authorization: Bearer %s", line->key);
	rc = fetch_run(arena, config, &request, &fetched);
	if (rc != OK)
		rc = fail(answer, fetched.late ? LLM_TIMEOUT : LLM_UNAVAILABLE,
		    fetched.trouble);
	answer->elapsed = fetched.elapsed;
	*reply = (struct completion_reply){
		.status = fetched.status,
		.body = fetched.body,
		.length = fetched.length,
		.cut = fetched.cut,
		.retry_after = fetched.retry_after,
		.secret = line->key,
	};
	return rc;
}

static const char *
url_of(struct arena *arena, const struct completion_line *line)
{
	size_t length = strlen(line->url);

	while (length > 0 && line->url[length - 1] == '/')
		length--;
	return arena_format(arena, "%.*s" PATH, (int)length, line->url);
}
