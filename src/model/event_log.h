/*
 * What happened in a conversation, as Bland's log of pathway events shows it:
 * a row for each transition, text, and operation with its result, in order.
 * It is made from the traces of the turns that were kept and from the user's
 * messages, and is not stored anywhere else.
 *
 *   conversation.init                   the first walk begins
 *   transcript.user, transcript.assistant
 *   node.transition, node.tag
 *   llm.action                          a model wrote or chose
 *   webhook.invoke, .result, .error, .mapping
 *   tool.*, var_extraction.*            likewise
 *   transfer_pathway.invoke, .result, .error
 *   sms.invoke                          a text for another number
 *   transfer_call.invoke                a person is to take over
 *
 * The events of one operation have the same operation_id.  What was said goes
 * before what it caused: a user's messages stand before the turn that saw
 * them.
 */
#ifndef PARLEY_MODEL_EVENT_LOG_H
#define PARLEY_MODEL_EVENT_LOG_H

#include "base/base.h"
#include "base/id.h"
#include "model/field.h"

#define EVENT_LOG_BYTES ((size_t)4 << 20) /* of payloads; it ends there */
#define EVENT_LOG_OPEN 64 /* operations of a walk that may be open at once */

struct arena;
struct turn_record;

struct event_log_entry {
	struct id conversation_id;
	int64_t sequence; /* counted from 1; the same whenever it is asked */
	const char *event_type;
	const char *node_id;      /* NULL: nowhere yet */
	const char *operation_id; /* NULL: of none */
	const char *payload;      /* JSON object */
	const char *created_at;
};

struct event_log_operation {
	int64_t ask;
	const char *word; /* "webhook" */
	const char *node; /* where it began */
	const char *purpose;
};

struct event_log {
	struct arena *arena;
	struct id conversation_id;
	struct list messages; /* struct message */
	int64_t after;

	struct event_log_entry *entries;
	size_t count, most;
	size_t size; /* of their payloads */

	/* Where it is. */
	int64_t sequence;
	size_t message; /* the next one */
	const struct turn_record *record;
	const char *node;
	bool began;
	bool transfers; /* to another pathway */
	struct event_log_operation open[EVENT_LOG_OPEN];
	size_t open_count;
	struct event_log_operation last; /* that had its result; word NULL */
};

extern const struct schema event_log_schema;

/* A log of the entries after the sequence number `after`, `most` of them.
 * `messages` are the conversation's, in order. */
void event_log_init(struct event_log *log, struct arena *arena,
    const struct id *conversation, struct list messages, int64_t after,
    size_t most);

/* Adds a turn: of those that were kept, oldest first. */
void event_log_take(struct event_log *log, const struct turn_record *record);

/* Adds the messages that no turn has seen. */
void event_log_end(struct event_log *log);

#endif
