#include "base/base.h"

#include "store/number.h"

#include "base/when.h"
#include "db/stmt.h"
#include "model/carrier.h"
#include "model/channel.h"
#include "model/conversation.h"

#define SLOTS 16

/* channels is a JSON array: the words need no escape. */
#define SELECT_NUMBER                                                          \
	"SELECT p.number, p.carrier_id, p.label, p.created_at,"                \
	" p.inbound_agent_version_id, p.outbound_agent_version_id,"            \
	" (SELECT CONCAT('[',"                                                 \
	"   COALESCE(GROUP_CONCAT(CONCAT('\"', c.channel, '\"')"               \
	"    ORDER BY c.channel SEPARATOR ','), ''), ']')"                     \
	"  FROM number_config c"                                               \
	"  WHERE c.account_id = p.account_id AND c.number = p.number)"         \
	" FROM phone_number p"                                                 \
	" WHERE p.account_id = ?"

#define CONFIG_NAMES                                                           \
	"webhook, request_data, time_out, timeout_action, timeout_message,"    \
	" warning_time, warning_message, messaging_service_sid, objective,"    \
	" tools, temperature, pathway_id, pathway_version, start_node_id,"     \
	" restart_after_end_call, timezone, summary_prompt, disposition_ids,"  \
	" citation_schema_ids, ignore_keywords, debounce, debounce_max,"       \
	" quiet_hours, max_segments, help_message, human_mode,"                \
	" sends_per_second, daily_messages, loop_guard"

static const struct column number_columns[] = {
	COLUMN(TEXT, struct phone_number, number),
	COLUMN(ID, struct phone_number, carrier_id),
	COLUMN(TEXT, struct phone_number, label),
	COLUMN(WHEN, struct phone_number, created_at),
	COLUMN(ID, struct phone_number, inbound_agent_version_id),
	COLUMN(ID, struct phone_number, outbound_agent_version_id),
	COLUMN(TEXT, struct phone_number, channels),
};

/* The columns of CONFIG_NAMES, in a struct that has the config at `base`. */
#define CONFIG_COLUMNS(type, base)                                             \
	COLUMN(TEXT, type, base webhook),                                      \
	    COLUMN(TEXT, type, base request_data),                             \
	    COLUMN(NUMBER, type, base silence.time_out),                       \
	    COLUMN_OF(&timeout_action_names, type, base timeout_action),       \
	    COLUMN(TEXT, type, base silence.timeout_message),                  \
	    COLUMN(NUMBER, type, base silence.warning_time),                   \
	    COLUMN(TEXT, type, base silence.warning_message),                  \
	    COLUMN(TEXT, type, base messaging_service_sid),                    \
	    COLUMN(TEXT, type, base objective),                                \
	    COLUMN(TEXT, type, base tools),                                    \
	    COLUMN(NUMBER, type, base temperature),                            \
	    COLUMN(TEXT, type, base pathway_id),                               \
	    COLUMN(TEXT, type, base pathway_version),                          \
	    COLUMN(TEXT, type, base start_node_id),                            \
	    COLUMN(BOOLEAN, type, base restart_after_end_call),                \
	    COLUMN(TEXT, type, base timezone),                                 \
	    COLUMN(TEXT, type, base summary_prompt),                           \
	    COLUMN(TEXT, type, base disposition_ids),                          \
	    COLUMN(TEXT, type, base citation_schema_ids),                      \
	    COLUMN(TEXT, type, base ignore_keywords),                          \
	    COLUMN(NUMBER, type, base debounce),                               \
	    COLUMN(NUMBER, type, base debounce_max),                           \
	    COLUMN(TEXT, type, base quiet_hours),                              \
	    COLUMN(INTEGER, type, base max_segments),                          \
	    COLUMN(TEXT, type, base help_message),                             \
	    COLUMN(BOOLEAN, type, base human_mode),                            \
	    COLUMN(NUMBER, type, base sends_per_second),                       \
	    COLUMN(INTEGER, type, base daily_messages),                        \
	    COLUMN(INTEGER, type, base loop_guard)

#define NOTHING
static const struct column config_columns[] = {
	CONFIG_COLUMNS(struct number_config, NOTHING),
};

static const struct column entry_columns[] = {
	COLUMN(TEXT, struct number_entry, number),
	CONFIG_COLUMNS(struct number_entry, config.),
	COLUMN(INTEGER, struct number_entry, conversations),
};

/* A config, and how it stands with one user. */
struct standing {
	struct number_config config;
	bool opted_out;
};

static const struct column standing_columns[] = {
	CONFIG_COLUMNS(struct standing, config.),
	COLUMN(BOOLEAN, struct standing, opted_out),
};

static const struct column way_columns[] = {
	CONFIG_COLUMNS(struct number_way, config.),
	COLUMN(BOOLEAN, struct number_way, opted_out),
	COLUMN(ID, struct number_way, carrier.id),
	COLUMN_OF(&carrier_kind_names, struct number_way, carrier.kind),
	COLUMN(TEXT, struct number_way, carrier.account_sid),
	COLUMN(TEXT, struct number_way, carrier.sealed),
	COLUMN(TEXT, struct number_way, carrier.base_url),
};

static const struct column called_columns[] = {
	COLUMN(ID, struct number_called, account_id),
	COLUMN(ID, struct number_called, carrier.id),
	COLUMN(TEXT, struct number_called, carrier.sealed),
	COLUMN(BOOLEAN, struct number_called, has_number),
	CONFIG_COLUMNS(struct number_called, config.),
	COLUMN(BOOLEAN, struct number_called, opted_out),
};

static const struct column silence_columns[] = {
	COLUMN(NUMBER, struct silence, time_out),
	COLUMN(TEXT, struct silence, timeout_message),
	COLUMN(NUMBER, struct silence, warning_time),
	COLUMN(TEXT, struct silence, warning_message),
};

struct usage {
	int64_t count;
};

static const struct column usage_columns[] = {
	COLUMN(INTEGER, struct usage, count),
};

static const struct stmt insert = {
	.sql = "INSERT INTO phone_number (account_id, number, carrier_id,"
	       " label, created_at)"
	       " VALUES (?, ?, ?, ?, ?)",
};

static const struct stmt find = {
	.sql = SELECT_NUMBER " AND p.number = ?",
	ROWS(number_columns, struct phone_number),
};

static const struct stmt list = {
	.sql = SELECT_NUMBER " ORDER BY p.number",
	ROWS(number_columns, struct phone_number),
};

#define OF_AGENT                                                               \
	" IN (SELECT v.id FROM agent_version v"                                \
	"  WHERE v.account_id = ? AND v.agent_id = ?)"

static const struct stmt list_of_agent = {
	.sql = SELECT_NUMBER " AND (p.inbound_agent_version_id" OF_AGENT
			     "  OR p.outbound_agent_version_id" OF_AGENT ")"
			     " ORDER BY p.number",
	ROWS(number_columns, struct phone_number),
};

static const struct stmt set_agents = {
	.sql = "UPDATE phone_number"
	       " SET inbound_agent_version_id = ?,"
	       "  outbound_agent_version_id = ?"
	       " WHERE account_id = ? AND number = ?",
};

static const struct stmt update = {
	.sql = "UPDATE phone_number"
	       " SET label = ?, carrier_id = ?"
	       " WHERE account_id = ? AND number = ?",
};

static const struct stmt hold = {
	.sql = "SELECT 1"
	       " FROM phone_number"
	       " WHERE account_id = ? AND number = ?"
	       " FOR UPDATE",
	ROWS(usage_columns, struct usage),
};

static const struct stmt count_open = {
	.sql = "SELECT COUNT(*)"
	       " FROM conversation"
	       " WHERE account_id = ? AND agent_key = ? AND is_open = 1"
	       " AND channel IN ('sms', 'whatsapp', 'imessage')",
	ROWS(usage_columns, struct usage),
};

static const struct stmt delete_number = {
	.sql = "DELETE FROM phone_number"
	       " WHERE account_id = ? AND number = ?",
};

static const struct stmt delete_configs = {
	.sql = "DELETE FROM number_config"
	       " WHERE account_id = ? AND number = ?"
	       " AND channel IN ('sms', 'whatsapp', 'imessage')",
};

static const struct stmt delete_counts = {
	.sql = "DELETE FROM number_count"
	       " WHERE account_id = ? AND number = ?"
	       " AND channel IN ('sms', 'whatsapp', 'imessage')",
};

static const struct stmt find_config = {
	.sql = "SELECT " CONFIG_NAMES " FROM number_config"
	       " WHERE account_id = ? AND channel = ? AND number = ?",
	ROWS(config_columns, struct number_config),
};

#define OPTED_OUT                                                              \
	" LEFT JOIN opt_out o ON o.account_id = c.account_id"                  \
	"  AND o.channel = c.channel AND o.agent_key = c.number"               \
	"  AND o.user_key = ?"
#define OF_NUMBER " WHERE c.account_id = ? AND c.channel = ? AND c.number = ?"

static const struct stmt find_standing = {
	.sql = "SELECT " CONFIG_NAMES ","
	       " o.user_key IS NOT NULL"
	       " FROM number_config c" OPTED_OUT OF_NUMBER,
	ROWS(standing_columns, struct standing),
};

static const struct stmt find_way = {
	.sql = "SELECT " CONFIG_NAMES ","
	       " o.user_key IS NOT NULL, k.id, k.kind, k.provider_account,"
	       " k.credentials_sealed, k.base_url"
	       " FROM number_config c"
	       " JOIN phone_number p ON p.account_id = c.account_id"
	       "  AND p.number = c.number"
	       " JOIN carrier k ON k.account_id = p.account_id"
	       "  AND k.id = p.carrier_id" OPTED_OUT OF_NUMBER,
	ROWS(way_columns, struct number_way),
};

/* Within the account that the carrier is of. */
static const struct stmt find_called = {
	.sql = "SELECT k.account_id, k.id, k.credentials_sealed,"
	       " c.number IS NOT NULL, " CONFIG_NAMES ","
	       " o.user_key IS NOT NULL"
	       " FROM carrier k"
	       " LEFT JOIN number_config c ON c.account_id = k.account_id"
	       "  AND c.channel = ? AND c.number = ?"
	       " LEFT JOIN opt_out o ON o.account_id = k.account_id"
	       "  AND o.channel = ? AND o.agent_key = ? AND o.user_key = ?"
	       " WHERE k.kind = ? AND k.provider_account = ?",
	ROWS(called_columns, struct number_called),
};

static const struct stmt find_silence = {
	.sql = "SELECT time_out, timeout_message, warning_time,"
	       " warning_message"
	       " FROM number_config"
	       " WHERE account_id = ? AND channel = ? AND number = ?",
	ROWS(silence_columns, struct silence),
};

static const struct column place_columns[] = {
	COLUMN(TEXT, struct number_place, number),
	COLUMN_OF(&channel_names, struct number_place, channel),
};

static const struct stmt find_places = {
	.sql = "SELECT number, channel"
	       " FROM number_config"
	       " WHERE account_id = ? AND channel IN ('sms', 'whatsapp',"
	       " 'imessage')"
	       " AND (? IS NULL OR channel = ?) AND (? IS NULL OR number = ?)"
	       " LIMIT 2",
	ROWS(place_columns, struct number_place),
};

static const struct stmt save_config = {
	.sql = "REPLACE INTO number_config (account_id, channel, number,"
	       " updated_at, " CONFIG_NAMES ")"
	       " VALUES (?, ?, ?, ?,"
	       " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
	       " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
};

static const struct stmt delete_config = {
	.sql = "DELETE FROM number_config"
	       " WHERE account_id = ? AND channel = ? AND number = ?",
};

static const struct stmt list_entries = {
	.sql = "SELECT number, " CONFIG_NAMES ","
	       " (SELECT COALESCE(SUM(n.conversations), 0)"
	       "  FROM number_count n"
	       "  WHERE n.account_id = c.account_id"
	       "  AND n.channel = c.channel AND n.number = c.number)"
	       " FROM number_config c"
	       " WHERE account_id = ? AND channel = ?"
	       " ORDER BY number",
	ROWS(entry_columns, struct number_entry),
};

static const struct stmt add_count = {
	.sql = "INSERT INTO number_count (account_id, channel, number, slot,"
	       " conversations)"
	       " VALUES (?, ?, ?, ?, ?)"
	       " ON DUPLICATE KEY UPDATE"
	       " conversations = conversations + VALUES(conversations)",
};

enum outcome
number_insert(
    struct db *db, const struct id *account, struct phone_number *number)
{
	number->created_at = when_now();
	return stmt_run(db, &insert,
	    VALUES(value_id(account), value_text(number->number),
		value_id(&number->carrier_id), value_text(number->label),
		value_when(number->created_at)),
	    NULL);
}

enum outcome
number_find(struct db *db, struct arena *arena, const struct id *account,
    const char *number, struct phone_number *found)
{
	return stmt_one(db, arena, &find,
	    VALUES(value_id(account), value_text(number)), found);
}

enum outcome
number_list(struct db *db, struct arena *arena, const struct id *account,
    struct rows *rows)
{
	return stmt_all(db, arena, &list, VALUES(value_id(account)), rows);
}

enum outcome
number_list_of_agent(struct db *db, struct arena *arena,
    const struct id *account, const struct id *agent, struct rows *rows)
{
	return stmt_all(db, arena, &list_of_agent,
	    VALUES(value_id(account), value_id(account), value_id(agent),
		value_id(account), value_id(agent)),
	    rows);
}

enum outcome
number_set_agents(
    struct db *db, const struct id *account, const struct phone_number *number)
{
	return stmt_run(db, &set_agents,
	    VALUES(value_id(&number->inbound_agent_version_id),
		value_id(&number->outbound_agent_version_id), value_id(account),
		value_text(number->number)),
	    NULL);
}

enum outcome
number_update(
    struct db *db, const struct id *account, const struct phone_number *number)
{
	int64_t found;
	enum outcome rc = stmt_run(db, &update,
	    VALUES(value_text(number->label), value_id(&number->carrier_id),
		value_id(account), value_text(number->number)),
	    &found);

	return rc == OK && found == 0 ? NOT_FOUND : rc;
}

enum outcome
number_hold(struct db *db, struct arena *arena, const struct id *account,
    const char *number)
{
	struct usage ignored;

	return stmt_one(db, arena, &hold,
	    VALUES(value_id(account), value_text(number)), &ignored);
}

enum outcome
number_delete(struct db *db, struct arena *arena, const struct id *account,
    const char *number)
{
	struct usage usage;
	enum outcome rc = stmt_one(db, arena, &count_open,
	    VALUES(value_id(account), value_text(number)), &usage);

	if (rc == OK && usage.count > 0)
		rc = CONFLICT;
	if (rc == OK)
		rc = stmt_run(db, &delete_configs,
		    VALUES(value_id(account), value_text(number)), NULL);
	if (rc == OK)
		rc = stmt_run(db, &delete_counts,
		    VALUES(value_id(account), value_text(number)), NULL);
	if (rc == OK)
		rc = stmt_run(db, &delete_number,
		    VALUES(value_id(account), value_text(number)), NULL);
	return rc;
}

enum outcome
number_config_find(struct db *db, struct arena *arena, const struct id *account,
    const char *number, int channel, struct number_config *config)
{
	return stmt_one(db, arena, &find_config,
	    VALUES(value_id(account), value_name(&channel_names, channel),
		value_text(number)),
	    config);
}

enum outcome
number_config_find_for(struct db *db, struct arena *arena,
    const struct id *account, const struct pair *pair,
    struct number_config *config, bool *opted_out)
{
	struct standing standing;
	enum outcome rc = stmt_one(db, arena, &find_standing,
	    VALUES(value_text(pair->user), value_id(account),
		value_name(&channel_names, pair->channel),
		value_text(pair->agent)),
	    &standing);

	if (rc != OK)
		return rc;
	*config = standing.config;
	*opted_out = standing.opted_out;
	return OK;
}

enum outcome
number_way_find(struct db *db, struct arena *arena, const struct id *account,
    const struct pair *pair, struct number_way *way)
{
	return stmt_one(db, arena, &find_way,
	    VALUES(value_text(pair->user), value_id(account),
		value_name(&channel_names, pair->channel),
		value_text(pair->agent)),
	    way);
}

enum outcome
number_find_called(struct db *db, struct arena *arena, int kind,
    const char *account_sid, const struct pair *pair,
    struct number_called *called)
{
	const struct value channel = value_name(&channel_names, pair->channel);

	return stmt_one(db, arena, &find_called,
	    VALUES(channel, value_text(pair->agent), channel,
		value_text(pair->agent), value_text(pair->user),
		value_name(&carrier_kind_names, kind), value_text(account_sid)),
	    called);
}

enum outcome
number_silence_find(struct db *db, struct arena *arena,
    const struct id *account, const char *number, int channel,
    struct silence *silence)
{
	return stmt_one(db, arena, &find_silence,
	    VALUES(value_id(account), value_name(&channel_names, channel),
		value_text(number)),
	    silence);
}

enum outcome
number_find_only(struct db *db, struct arena *arena, const struct id *account,
    const char *number, int channel, struct number_place *only)
{
	struct value word =
	    channel < 0 ? value_null() : value_name(&channel_names, channel);
	const struct number_place *places;
	struct rows rows;
	enum outcome rc = stmt_all(db, arena, &find_places,
	    VALUES(value_id(account), word, word, value_text(number),
		value_text(number)),
	    &rows);

	if (rc != OK)
		return rc;
	if (rows.count != 1)
		return rows.count == 0 ? NOT_FOUND : CONFLICT;
	places = rows.list;
	*only = places[0];
	return OK;
}

/* NULL: none. */
static struct value
value_limit(int64_t limit)
{
	return limit == 0 ? value_null() : value_integer(limit);
}

enum outcome
number_config_save(struct db *db, const struct id *account, const char *number,
    int channel, const struct number_config *config)
{
	return stmt_run(db, &save_config,
	    VALUES(value_id(account), value_name(&channel_names, channel),
		value_text(number), value_when(when_now()),
		value_text(config->webhook), value_text(config->request_data),
		value_seconds(config->silence.time_out),
		value_name(&timeout_action_names, config->timeout_action),
		value_text(config->silence.timeout_message),
		value_seconds(config->silence.warning_time),
		value_text(config->silence.warning_message),
		value_text(config->messaging_service_sid),
		value_text(config->objective), value_text(config->tools),
		value_number(config->temperature),
		value_text(config->pathway_id),
		value_text(config->pathway_version),
		value_text(config->start_node_id),
		value_boolean(config->restart_after_end_call),
		value_text(config->timezone),
		value_text(config->summary_prompt),
		value_text(config->disposition_ids),
		value_text(config->citation_schema_ids),
		value_text(config->ignore_keywords),
		value_number(config->debounce),
		value_number(config->debounce_max),
		value_text(config->quiet_hours),
		value_limit(config->max_segments),
		value_text(config->help_message),
		value_integer(config->human_mode),
		value_seconds(config->sends_per_second),
		value_limit(config->daily_messages),
		value_limit(config->loop_guard)),
	    NULL);
}

enum outcome
number_config_delete(
    struct db *db, const struct id *account, const char *number, int channel)
{
	return stmt_run(db, &delete_config,
	    VALUES(value_id(account), value_name(&channel_names, channel),
		value_text(number)),
	    NULL);
}

enum outcome
number_entries(struct db *db, struct arena *arena, const struct id *account,
    int channel, struct rows *rows)
{
	return stmt_all(db, arena, &list_entries,
	    VALUES(value_id(account), value_name(&channel_names, channel)),
	    rows);
}

enum outcome
number_count_add(struct db *db, const struct id *account, const char *number,
    int channel, const struct id *conversation, int64_t change)
{
	/* The last byte of an id is random. */
	int64_t slot = conversation->bytes[ID_BYTES - 1] % SLOTS;

	return stmt_run(db, &add_count,
	    VALUES(value_id(account), value_name(&channel_names, channel),
		value_text(number), value_integer(slot), value_integer(change)),
	    NULL);
}
