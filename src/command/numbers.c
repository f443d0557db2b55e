#include "base/base.h"

#include "command/numbers.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "command/carriers.h"
#include "command/run.h"
#include "command/table.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "model/channel.h"
#include "model/field.h"
#include "store/carrier.h"
#include "store/number.h"
#include "store/number_channels.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#define CHANNELS_MOST 256

static const struct field fields[] = {
	{ "number", FIELD_PHONE, FIELD_REQUIRED,
	    FIELD_AT(struct phone_number, number) },
	{ "label", FIELD_TEXT, FIELD_NULLABLE,
	    FIELD_AT(struct phone_number, label), 0, 255 },
};
static const struct schema schema =
    SCHEMA("PhoneNumber", fields, struct phone_number);

static const char *const headings[] = { "NUMBER", "CREATED", "CHANNELS",
	"CARRIER", "LABEL" };

struct adding {
	struct run *run;
	struct id account;
	struct phone_number number;
	unsigned channels; /* a mask */
};

static enum outcome read_channels(struct run *run, unsigned *mask);
static const char *carrier_name(
    struct arena *arena, const struct rows *carriers, const struct id *id);
static const char *channels_text(struct arena *arena, const char *json);

static enum outcome
add(struct db *db, void *context)
{
	struct adding *adding = context;
	struct phone_number *number = &adding->number;
	struct arena *arena = adding->run->arena;
	const struct id *account = &adding->account;
	struct carrier carrier;
	enum outcome rc =
	    carrier_hold(db, arena, account, &number->carrier_id, &carrier);

	if (rc == OK && !carrier_has_numbers(&carrier))
		return run_tell("a %s carrier has no numbers; see `parley"
				" carrier list`",
		    names_text(&carrier_kind_names, carrier.kind));
	if (rc == OK)
		rc = number_insert(db, account, number);
	if (rc == OK)
		rc = number_channels_set(
		    db, arena, account, number->number, adding->channels);
	return rc;
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct adding *adding = context;
	struct phone_number ignored;

	return number_find(db, adding->run->arena, &adding->account,
	    adding->number.number, &ignored);
}

enum outcome
numbers_add(struct run *run)
{
	struct adding adding = { .run = run };
	const struct tx tx = { add, is_there, &adding };
	const char *const pairs[] = { "number", run->operands[0], "label",
		run_value(run, "label"), NULL };
	enum outcome rc = run_open(run);

	if (rc == OK)
		rc = run_read(run, &schema, pairs, &adding.number);
	if (rc == OK)
		rc = read_channels(run, &adding.channels);
	if (rc == OK)
		rc = run_account(run, &adding.account);
	if (rc == OK)
		rc = carriers_find(
		    run, &adding.account, &adding.number.carrier_id);
	if (rc != OK)
		return rc;
	rc = run_commit(run, &tx);
	if (rc == CONFLICT)
		return run_tell("the account has %s already; see `parley"
				" number list`",
		    run->operands[0]);
	if (rc == NOT_FOUND)
		return run_tell("the carrier was deleted just now; see"
				" `parley carrier list`");
	return rc;
}

enum outcome
numbers_list(struct run *run)
{
	struct id account;
	struct rows rows, carriers;
	const struct phone_number *numbers;
	struct table table;
	size_t i;
	enum outcome rc = run_open(run);

	if (rc == OK)
		rc = run_account(run, &account);
	if (rc != OK)
		return rc;
	rc = number_list(run->db, run->arena, &account, &rows);
	if (rc == OK)
		rc = carrier_list(run->db, run->arena, &account, &carriers);
	if (rc != OK)
		return run_failed(run, rc);
	numbers = rows.list;
	table_init(&table, run->arena, headings, COUNT(headings), rows.count);
	for (i = 0; i < rows.count; i++) {
		table_add(&table, numbers[i].number);
		table_add_when(&table, numbers[i].created_at);
		table_add(
		    &table, channels_text(run->arena, numbers[i].channels));
		table_add(&table, carrier_name(run->arena, &carriers,
				      &numbers[i].carrier_id));
		table_add(&table, numbers[i].label);
	}
	table_print(&table);
	return OK;
}

static enum outcome
read_channels(struct run *run, unsigned *mask)
{
	const char *text = run_value(run, "channels");
	const char **words =
	    text_split(run->arena, text != NULL ? text : "sms", ',');
	unsigned found = 0;
	size_t i;
	int channel;

	for (i = 0; words[i] != NULL; i++) {
		if (names_find(&messaging_channel_names, words[i], &channel) !=
		    OK)
			return run_tell("%s is no channel; there are %s",
			    words[i],
			    names_list(run->arena, &messaging_channel_names));
		found |= 1u << channel;
	}
	if (found == 0)
		return run_tell("--channels is empty; there are %s",
		    names_list(run->arena, &messaging_channel_names));
	*mask = found;
	return OK;
}

static const char *
carrier_name(
    struct arena *arena, const struct rows *carriers, const struct id *id)
{
	const struct carrier *list = carriers->list;
	size_t i;

	for (i = 0; i < carriers->count; i++)
		if (id_equal(&list[i].id, id))
			return list[i].name;
	return id_text(arena, id);
}

/* As --channels takes them. */
static const char *
channels_text(struct arena *arena, const char *json)
{
	struct json_object *list;
	struct json_fault ignored;
	struct buf buf;
	size_t i;

	if (json_parse(arena, json, strlen(json), &list, &ignored) != OK)
		return json;
	buf_init(&buf, arena, CHANNELS_MOST);
	for (i = 0; i < json_object_array_length(list); i++)
		buf_add_format(&buf, "%s%s", i > 0 ? "," : "",
		    json_object_get_string(json_object_array_get_idx(list, i)));
	return buf.length > 0 ? buf_text(&buf) : NULL;
}
