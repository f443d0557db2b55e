/*
 * The columns of a conversation, for the files that select them.
 */
#ifndef PARLEY_STORE_CONVERSATION_COLUMNS_H
#define PARLEY_STORE_CONVERSATION_COLUMNS_H

#define CONVERSATION_NAMES                                                     \
	"c.id, c.account_id, c.channel, c.user_key, c.agent_key, c.is_open,"   \
	" c.status, c.pathway_id, c.pathway_version, c.node_id, c.variables,"  \
	" c.metadata, c.time_out, c.timeout_message, c.warning_time,"          \
	" c.warning_message, c.silence_work_id, c.last_seq, c.cleared_seq,"    \
	" c.message_count, c.created_at, c.updated_at, c.last_message_at,"     \
	" c.timed_out_at, c.ended_at"

#define CONVERSATION_COLUMNS                                                   \
	COLUMN(ID, struct conversation, id),                                   \
	    COLUMN(ID, struct conversation, account_id),                       \
	    COLUMN_OF(&channel_names, struct conversation, pair.channel),      \
	    COLUMN(TEXT, struct conversation, pair.user),                      \
	    COLUMN(TEXT, struct conversation, pair.agent),                     \
	    COLUMN(BOOLEAN, struct conversation, is_active),                   \
	    COLUMN_OF(                                                         \
		&conversation_status_names, struct conversation, status),      \
	    COLUMN(TEXT, struct conversation, position.pathway_id),            \
	    COLUMN(TEXT, struct conversation, position.pathway_version),       \
	    COLUMN(TEXT, struct conversation, position.node_id),               \
	    COLUMN(TEXT, struct conversation, variables),                      \
	    COLUMN(TEXT, struct conversation, metadata),                       \
	    COLUMN(NUMBER, struct conversation, silence.time_out),             \
	    COLUMN(TEXT, struct conversation, silence.timeout_message),        \
	    COLUMN(NUMBER, struct conversation, silence.warning_time),         \
	    COLUMN(TEXT, struct conversation, silence.warning_message),        \
	    COLUMN(ID, struct conversation, silence_work_id),                  \
	    COLUMN(INTEGER, struct conversation, last_seq),                    \
	    COLUMN(INTEGER, struct conversation, cleared_seq),                 \
	    COLUMN(INTEGER, struct conversation, message_count),               \
	    COLUMN(WHEN, struct conversation, created_at),                     \
	    COLUMN(WHEN, struct conversation, updated_at),                     \
	    COLUMN(WHEN, struct conversation, last_message_at),                \
	    COLUMN(WHEN, struct conversation, timed_out_at),                   \
	    COLUMN(WHEN, struct conversation, ended_at)

#endif
