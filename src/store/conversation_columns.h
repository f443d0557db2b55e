/*
 * The columns of a conversation, once: the statements that read and write
 * one are made of these two lists.
 *
 * A row: the column, its kind, the member, and how the member is bound.  Two
 * stand beside them: account_id comes first, and is_open is 1 or NULL, the
 * pair rule, which is only written.  metadata is read twice: what is found
 * by it is written anew only where it changed.
 */
#ifndef PARLEY_STORE_CONVERSATION_COLUMNS_H
#define PARLEY_STORE_CONVERSATION_COLUMNS_H

/* clang-format off */

/* What stays as it was when it was opened. */
#define CONVERSATION_FIXED(X)                                                  \
	X(id, COLUMN, ID, id, value_id(&c->id))                                \
	X(channel, COLUMN_OF, &channel_names, pair.channel,                    \
	    value_name(&channel_names, c->pair.channel))                       \
	X(agent_key, COLUMN, TEXT, pair.agent, value_text(c->pair.agent))      \
	X(user_key, COLUMN, TEXT, pair.user, value_text(c->pair.user))         \
	X(created_at, COLUMN, WHEN, created_at, value_when(c->created_at))     \
	X(direction, COLUMN_OF, &direction_names, direction,                   \
	    value_name(&direction_names, c->direction))                        \
	X(initial_context, COLUMN, TEXT, initial_context,                      \
	    value_text(c->initial_context))                                    \
	X(agent_id, COLUMN, ID, agent_id, value_id(&c->agent_id))              \
	X(agent_version_id, COLUMN, ID, agent_version_id,                      \
	    value_id(&c->agent_version_id))                                    \
	X(work_id, COLUMN, ID, work_id, value_id(&c->work_id))

/* What can change. */
#define CONVERSATION_CHANGING(X)                                               \
	X(status, COLUMN_OF, &conversation_status_names, status,               \
	    value_name(&conversation_status_names, c->status))                 \
	X(progress, COLUMN_OF, &progress_names, progress,                      \
	    value_name(&progress_names, c->progress))                          \
	X(subject, COLUMN, TEXT, subject, value_text(c->subject))              \
	X(carrier_call_id, COLUMN, TEXT, carrier_call_id,                      \
	    value_text(c->carrier_call_id))                                    \
	X(answered_at, COLUMN, WHEN, answered_at,                              \
	    value_when(c->answered_at))                                        \
	X(duration, COLUMN, INTEGER, duration,                                 \
	    c->is_active ? value_null() : value_integer(c->duration))          \
	X(user_turn_count, COLUMN, INTEGER, user_turn_count,                   \
	    value_integer(c->user_turn_count))                                 \
	X(pathway_id, COLUMN, TEXT, position.pathway_id,                       \
	    value_text(c->position.pathway_id))                                \
	X(pathway_version, COLUMN, TEXT, position.pathway_version,             \
	    value_text(c->position.pathway_version))                           \
	X(node_id, COLUMN, TEXT, position.node_id,                             \
	    value_text(c->position.node_id))                                   \
	X(variables, COLUMN, TEXT, variables, value_text(c->variables))        \
	X(metadata, COLUMN, TEXT, metadata, value_text(c->metadata))           \
	X(time_out, COLUMN, NUMBER, silence.time_out,                          \
	    value_seconds(c->silence.time_out))                                \
	X(timeout_message, COLUMN, TEXT, silence.timeout_message,              \
	    value_text(c->silence.timeout_message))                            \
	X(warning_time, COLUMN, NUMBER, silence.warning_time,                  \
	    value_seconds(c->silence.warning_time))                            \
	X(warning_message, COLUMN, TEXT, silence.warning_message,              \
	    value_text(c->silence.warning_message))                            \
	X(silence_work_id, COLUMN, ID, silence_work_id,                        \
	    value_id(&c->silence_work_id))                                     \
	X(objective, COLUMN, TEXT, objective, value_text(c->objective))        \
	X(webhook, COLUMN, TEXT, webhook, value_text(c->webhook))              \
	X(disposition_ids, COLUMN, TEXT, disposition_ids,                      \
	    value_text(c->disposition_ids))                                    \
	X(citation_schema_ids, COLUMN, TEXT, citation_schema_ids,              \
	    value_text(c->citation_schema_ids))                                \
	X(turn_work_id, COLUMN, ID, turn_work_id, value_id(&c->turn_work_id))  \
	X(turn_since, COLUMN, WHEN, turn_since, value_when(c->turn_since))     \
	X(turn_state, COLUMN, TEXT, turn_state, value_text(c->turn_state))     \
	X(turn_discards, COLUMN, INTEGER, turn_discards,                       \
	    value_integer(c->turn_discards))                                   \
	X(user_seq, COLUMN, INTEGER, user_seq, value_integer(c->user_seq))     \
	X(user_at, COLUMN, WHEN, user_at, value_when(c->user_at))              \
	X(agent_streak, COLUMN, INTEGER, agent_streak,                         \
	    value_integer(c->agent_streak))                                    \
	X(ended_by_client, COLUMN, BOOLEAN, ended_by_client,                   \
	    value_integer(c->ended_by_client))                                 \
	X(last_seq, COLUMN, INTEGER, last_seq, value_integer(c->last_seq))     \
	X(cleared_seq, COLUMN, INTEGER, cleared_seq,                           \
	    value_integer(c->cleared_seq))                                     \
	X(message_count, COLUMN, INTEGER, message_count,                       \
	    value_integer(c->message_count))                                   \
	X(updated_at, COLUMN, WHEN, updated_at, value_when(c->updated_at))     \
	X(last_message_at, COLUMN, WHEN, last_message_at,                      \
	    value_when(c->last_message_at))                                    \
	X(timed_out_at, COLUMN, WHEN, timed_out_at,                            \
	    value_when(c->timed_out_at))                                       \
	X(ended_at, COLUMN, WHEN, ended_at, value_when(c->ended_at))           \
	X(pathway_tags, COLUMN, TEXT, pathway_tags,                            \
	    value_text(c->pathway_tags))                                       \
	X(summary, COLUMN, TEXT, summary, value_text(c->summary))              \
	X(citation_variables, COLUMN, TEXT, citation_variables,                \
	    value_text(c->citation_variables))                                 \
	X(disposition_tag, COLUMN, TEXT, disposition_tag,                      \
	    value_text(c->disposition_tag))                                    \
	X(human_handoff_at, COLUMN, WHEN, human_handoff_at,                    \
	    value_when(c->human_handoff_at))                                   \
	X(human_handoff_reason, COLUMN, TEXT, human_handoff_reason,            \
	    value_text(c->human_handoff_reason))                               \
	X(human_handoff_metadata, COLUMN, TEXT, human_handoff_metadata,        \
	    value_text(c->human_handoff_metadata))                             \
	X(human_handoff_webhook, COLUMN, TEXT, human_handoff_webhook,          \
	    value_text(c->human_handoff_webhook))

#define CONVERSATION_LIST(X) CONVERSATION_FIXED(X) CONVERSATION_CHANGING(X)

#define CONVERSATION_NAME(column, ...) ", c." #column
#define CONVERSATION_COLUMN(column, macro, kind, member, value)                \
	, macro(kind, struct conversation, member)

#define CONVERSATION_NAMES                                                     \
	"c.account_id, c.status = 'open', c.metadata"                          \
	CONVERSATION_LIST(CONVERSATION_NAME)
#define CONVERSATION_COLUMNS                                                   \
	COLUMN(ID, struct conversation, account_id),                           \
	COLUMN(BOOLEAN, struct conversation, is_active),                       \
	COLUMN(TEXT, struct conversation, metadata_before)                     \
	CONVERSATION_LIST(CONVERSATION_COLUMN)

/* clang-format on */

#endif
