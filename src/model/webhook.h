/*
 * What clients are told by webhook: the documents, their deliveries, and
 * the secrets that sign them.
 *
 * A document is compact JSON, exactly as ECMAScript's JSON.stringify would
 * print what JSON.parse reads from it: some receivers verify a signature
 * over the text that they made anew.  It is written once, when something
 * happened, and every attempt sends the same bytes.
 *
 * Each request is signed twice: by Standard Webhooks, with every secret that
 * is valid, and by X-Webhook-Signature, with the newest.
 */
#ifndef PARLEY_MODEL_WEBHOOK_H
#define PARLEY_MODEL_WEBHOOK_H

#include "base/base.h"
#include "base/id.h"
#include "base/names.h"
#include "model/field.h"

struct arena;
struct conversation;
struct message;

/* What is kept of a long conversation in one document, the latest: bytes. */
#define WEBHOOK_HISTORY_MOST (1 << 20)

/* How many secrets of an account are valid at once, and for how long the
 * old one is, where the client does not say: seconds. */
#define WEBHOOK_SECRETS 2
#define WEBHOOK_OVERLAP 86400
#define WEBHOOK_OVERLAP_MOST (7 * 86400)

enum webhook_kind { WEBHOOK_MESSAGE, WEBHOOK_STATUS, WEBHOOK_KIND_N };

/* Why an attempt was made. */
enum send_type { SEND_SPAWN, SEND_RESEND, SEND_CREATE, SEND_TYPE_N };

enum delivery_state {
	DELIVERY_PENDING,
	DELIVERY_DELIVERED,
	DELIVERY_FAILED, /* given up */
	DELIVERY_STATE_N
};

extern const struct names webhook_kind_names;
extern const struct names send_type_names;
extern const struct names delivery_state_names;

struct delivery_attempt {
	struct id delivery_id;
	int64_t attempt; /* counted from 1 */
	int send_type;   /* enum send_type */
	int64_t sent_at;
	int64_t response_code; /* 0: there was no answer */
	int64_t response_time; /* milliseconds */
	const char *error_message;
	const char *took; /* response_time as answers show it: "88ms" */
};

struct delivery {
	struct id id;
	struct id account_id;
	struct id conversation_id;
	const char *url;
	int kind;             /* enum webhook_kind */
	const char *document; /* NULL: not written yet, */
	int64_t message_seq;  /* of the message of this seq */
	struct id work_id;    /* that delivers it, or did last */
	int send_type;        /* enum send_type, of that work */
	int64_t count;        /* of attempts */
	int64_t created_at;
	int64_t delivered_at; /* 0: not, or not since it was sent again */
	int state;            /* enum delivery_state */
	struct list attempts; /* struct delivery_attempt, first to last */
};

struct webhook_secret {
	struct id id;
	int64_t slot; /* which of the WEBHOOK_SECRETS it is */
	const char *sealed;
	int64_t created_at;
	int64_t expires_at; /* 0: until another takes its place */
	const char *secret; /* in clear, once, where it was just made */
};

/* A delivery in lists, and as the conversation's log shows it. */
extern const struct schema delivery_schema;
extern const struct schema delivery_log_schema;

extern const struct schema webhook_secret_schema;
extern const struct schema webhook_secret_created_schema; /* in clear */

/* The document of a conversation's end; `messages` are all of its struct
 * message, `reason` says why in words. */
const char *webhook_status_text(struct arena *arena,
    const struct conversation *conversation, const struct list *messages,
    const char *reason);

/* The document of a person's taking over, or of its end, whichever the
 * conversation says. */
const char *webhook_handoff_text(struct arena *arena,
    const struct conversation *conversation, const struct list *messages,
    const char *reason);

/* The document of one of its messages. */
const char *webhook_message_text(struct arena *arena,
    const struct conversation *conversation, const struct list *messages,
    const struct message *message);

/* Which of the two is this?  It begins with its type. */
enum webhook_kind webhook_kind_of(const char *document);

/* JSON as JSON.stringify(JSON.parse(json)) is: members whose names are
 * array indices come first, numbers are doubles.  NULL for what is no
 * JSON. */
const char *webhook_normal(struct arena *arena, const char *json);

/* Gives `secret` an id and the secret in clear: "whsec_" and base64 of
 * random bytes. */
void webhook_secret_make(struct arena *arena, struct webhook_secret *secret);

/* One signature of Standard Webhooks: "v1,<base64>" over id, timestamp
 * (seconds) and body.  INVALID: this is no secret. */
enum outcome webhook_sign(struct arena *arena, const char *secret,
    const char *id, int64_t timestamp, const char *body,
    const char **signature) MUSTCHECK;

/* X-Webhook-Signature: hexadecimal digits over the body alone, under the
 * secret's text as it stands. */
const char *webhook_sign_body(
    struct arena *arena, const char *secret, const char *body);

#endif
