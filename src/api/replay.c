#include "base/base.h"

#include "api/replay.h"

#include "api/call.h"
#include "api/routes.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/log.h"
#include "base/text.h"
#include "base/when.h"
#include "db/db.h"
#include "store/idempotency.h"

#include <string.h>

#define KEY_MOST 255
#define RETRY_AFTER "2" /* seconds */
#define PENDING 0       /* the status of what has no answer yet */

bool
replay_is_asked(const struct call *call)
{
	return (call->route->flags & ROUTE_KEYED) != 0 &&
	       call->request.idempotency_key != NULL;
}

static bool
shows_secret(const struct call *call)
{
	return (call->route->flags & ROUTE_SECRET) != 0;
}

/* The draft of the header makes it a quoted string; most send it bare. */
static const char *
bare_key(const struct call *call)
{
	const char *key = call->request.idempotency_key;
	size_t length = strlen(key);

	if (length >= 2 && key[0] == '"' && key[length - 1] == '"')
		return arena_copy(call->arena, key + 1, length - 2);
	return key;
}

enum outcome
replay_check(struct call *call)
{
	const char *c, *key;

	if (!replay_is_asked(call))
		return OK;
	key = bare_key(call);
	for (c = key; *c > ' ' && *c < 0x7f; c++)
		continue;
	if (*c != '\0' || c == key || c - key > KEY_MOST)
		return call_refuse(call, INVALID_IDEMPOTENCY_KEY, NULL,
		    "Idempotency-Key must be 1 to %d visible ASCII characters",
		    KEY_MOST);
	if (shows_secret(call) && call->server->secret_key == NULL)
		return call_refuse(call, SERVICE_UNAVAILABLE, NULL,
		    "this server has no key to keep the answer under: its"
		    " operator has to set [secret] key_file, or send the"
		    " request without Idempotency-Key");
	return OK;
}

static void
digest_request(const struct call *call, struct idempotency *row)
{
	const char *text = arena_format(call->arena, "%s %s\n%s",
	    call->request.method, call->request.path, bare_key(call));

	secret_digest(text, strlen(text), row->request_digest);
	secret_digest(
	    call->request.body, call->request.body_length, row->body_digest);
}

/* Sealed under its own request, so that it opens for no other. */
static const char *
context(struct call *call, const struct idempotency *row)
{
	return secret_hex(call->arena, row->request_digest, SECRET_DIGEST);
}

/* The first request wrote work and had no answer yet. */
static enum outcome
resume(struct call *call, const struct idempotency *row)
{
	const char *const *parts =
	    (const char *const *)text_split(call->arena, row->answer, ' ');
	struct id *works =
	    arena_alloc(call->arena, sizeof(*works) * AWAIT_MOST);
	size_t count = 0;

	for (; *parts != NULL && count < AWAIT_MOST; parts++)
		if (id_parse(*parts, &works[count]) == OK)
			count++;
	if (count == 0 && row->answer[0] != '\0') {
		log_fault("an Idempotency-Key is kept without an answer");
		return FAULT;
	}
	call->resumed = works;
	call->resumed_count = count;
	return OK;
}

/* The key was used: its answer again, unless its time is over or the body
 * is another. */
static enum outcome
give_again(struct call *call, struct idempotency *row)
{
	unsigned char body[SECRET_DIGEST];
	enum outcome rc;

	(void)memcpy(body, row->body_digest, sizeof(body));
	rc =
	    idempotency_find(call->db, call->arena, &call->key.account_id, row);
	if (rc == NOT_FOUND)
		return AGAIN; /* it was just forgotten */
	if (rc != OK)
		return rc;
	if (row->expires_at <= when_now()) {
		rc = idempotency_delete(call->db, &call->key.account_id, row);
		return rc == OK ? replay_claim(call) : rc;
	}
	if (memcmp(body, row->body_digest, sizeof(body)) != 0)
		return call_refuse(call, IDEMPOTENCY_KEY_REUSED, NULL,
		    "this Idempotency-Key was used with another body");
	if (shows_secret(call) &&
	    secret_open(call->arena, call->server->secret_key,
		context(call, row), row->answer, &row->answer) != OK) {
		log_fault("an answer was sealed under another [secret]"
			  " key_file and cannot be given again");
		return FAULT;
	}
	response_header(&call->response, "Idempotency-Replayed", "true");
	if (row->status == PENDING)
		return resume(call, row);
	call->response.status = (int)row->status;
	call->response.body = row->answer;
	return OK;
}

enum outcome
replay_claim(struct call *call)
{
	struct idempotency row;
	enum outcome rc;

	digest_request(call, &row);
	rc = idempotency_claim(call->db, &call->key.account_id, &row);
	if (rc == CONFLICT)
		return give_again(call, &row);
	if (rc != AGAIN || db_trouble_number(call->db) != DB_LOCK_WAIT)
		return rc;
	response_header(&call->response, "Retry-After", RETRY_AFTER);
	return call_refuse(call, IDEMPOTENCY_KEY_IN_USE, NULL,
	    "the first request with this Idempotency-Key is still under way");
}

/* The ids of the work that the answer waits for. */
static const char *
awaited(struct call *call)
{
	const struct await *await = &call->await;
	struct buf buf;
	size_t i;

	buf_init(&buf, call->arena, AWAIT_MOST * ID_TEXT);
	for (i = 0; i < await->count; i++)
		buf_add_format(&buf, "%s%s", i > 0 ? " " : "",
		    id_text(call->arena, &await->works[i]));
	return buf_text(&buf);
}

enum outcome
replay_forget(struct call *call)
{
	struct idempotency row;
	enum outcome rc;

	digest_request(call, &row);
	rc = idempotency_find(
	    call->db, call->arena, &call->key.account_id, &row);
	if (rc == OK)
		rc = idempotency_delete(call->db, &call->key.account_id, &row);
	return rc == NOT_FOUND ? OK : rc;
}

enum outcome
replay_keep(struct call *call)
{
	struct idempotency row;

	digest_request(call, &row);
	row.status = call->response.status;
	row.answer = call->response.body;
	if (call->await.finish != NULL) {
		row.status = PENDING;
		row.answer = awaited(call);
	} else if (shows_secret(call))
		row.answer = secret_seal(call->arena, call->server->secret_key,
		    context(call, &row), row.answer);
	return idempotency_keep(call->db, &call->key.account_id, &row);
}

enum outcome
replay_settled(struct db *db, void *given)
{
	struct call *call = given;
	struct idempotency row;

	digest_request(call, &row);
	return idempotency_find(db, call->arena, &call->key.account_id, &row);
}
