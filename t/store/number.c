/*
 * Numbers: their configs come back field by field, their counts add up, and
 * none goes while a conversation on it is open.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/when.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "store/carrier.h"
#include "store/conversation.h"
#include "store/number.h"
#include "store/opt_out.h"

#include "database.h"
#include "tap.h"

#define NUMBER "+15550100001"
#define OTHER "+15550100002"
#define USER "+15550199999"
#define LONG 3000

static struct phone_number
make_number(struct database *d, const struct id *account, const char *number)
{
	struct phone_number made = {
		.number = number,
		.carrier_id = id_new(),
		.label = "Büro ☎",
	};

	must(number_insert(d->db, account, &made));
	return made;
}

/* A text of its own for each field, longer than a row is first read into. */
static const char *
long_text(struct database *d, char letter)
{
	char *text = arena_alloc(d->arena, LONG + 1);

	(void)memset(text, letter, LONG);
	(void)memcpy(text, "🦜", 4);
	return text;
}

static struct number_config
full_config(struct database *d)
{
	return (struct number_config){
		.webhook = "https://example.com/?q=ü",
		.request_data = long_text(d, 'a'),
		.silence = { 900.5, 300.25, long_text(d, 'b'),
		    long_text(d, 'c') },
		.timeout_action = TIMEOUT_END,
		.messaging_service_sid = "MG0001",
		.objective = long_text(d, 'd'),
		.tools = long_text(d, 'e'),
		.temperature = 0.7,
		.pathway_id = "pathway",
		.pathway_version = "production",
		.start_node_id = "node",
		.restart_after_end_call = true,
		.timezone = "Europe/Zurich",
		.summary_prompt = long_text(d, 'f'),
		.disposition_ids = long_text(d, 'g'),
		.citation_schema_ids = long_text(d, 'h'),
		.ignore_keywords = long_text(d, 'i'),
		.debounce = 1.5,
		.debounce_max = 12.125,
		.quiet_hours = "21:00-08:00",
		.max_segments = INT64_C(9007199254740993),
		.help_message = long_text(d, 'j'),
	};
}

/* Every text of a config, by its place; the test's table of columns. */
#define TEXT(member)                                                           \
	{                                                                      \
#		member, offsetof(struct number_config, member)                \
	}
static const struct {
	const char *name;
	size_t offset;
} texts[] = {
	TEXT(webhook),
	TEXT(request_data),
	TEXT(silence.timeout_message),
	TEXT(silence.warning_message),
	TEXT(messaging_service_sid),
	TEXT(objective),
	TEXT(tools),
	TEXT(pathway_id),
	TEXT(pathway_version),
	TEXT(start_node_id),
	TEXT(timezone),
	TEXT(summary_prompt),
	TEXT(disposition_ids),
	TEXT(citation_schema_ids),
	TEXT(ignore_keywords),
	TEXT(quiet_hours),
	TEXT(help_message),
};

static void
same_config(const struct number_config *got, const struct number_config *wanted,
    const char *where)
{
	size_t i;

	for (i = 0; i < COUNT(texts); i++)
		is_text(*(const char *const *)(const void *)((const char *)got +
							     texts[i].offset),
		    *(const char *const *)(const void *)((const char *)wanted +
							 texts[i].offset),
		    "%s: %s comes back", where, texts[i].name);
	ok(got->silence.time_out == wanted->silence.time_out,
	    "%s: time_out comes back", where);
	ok(got->silence.warning_time == wanted->silence.warning_time,
	    "%s: warning_time comes back", where);
	is_int(got->timeout_action, wanted->timeout_action,
	    "%s: timeout_action comes back", where);
	ok(got->temperature == wanted->temperature,
	    "%s: temperature comes back", where);
	is_int(got->restart_after_end_call, wanted->restart_after_end_call,
	    "%s: restart_after_end_call comes back", where);
	ok(got->debounce == wanted->debounce, "%s: debounce comes back", where);
	ok(got->debounce_max == wanted->debounce_max,
	    "%s: debounce_max comes back", where);
	is_int(got->max_segments, wanted->max_segments,
	    "%s: max_segments comes back", where);
}

static void
test_number(struct database *d)
{
	struct id *us = &d->account;
	struct phone_number number = make_number(d, us, NUMBER), found;
	struct phone_number changed, twin = number;

	is_outcome(number_insert(d->db, us, &twin), CONFLICT,
	    "an account has a number once");
	is_outcome(number_find(d->db, d->arena, us, NUMBER, &found), OK,
	    "a number is found");
	is_text(found.number, NUMBER, "as it is written");
	ok(id_equal(&found.carrier_id, &number.carrier_id), "with its carrier");
	is_text(found.label, "Büro ☎", "with its label");
	is_text(found.channels, "[]", "on no channel yet");
	is_int(found.created_at, number.created_at, "with its time");
	is_outcome(number_find(d->db, d->arena, &d->stranger, NUMBER, &found),
	    NOT_FOUND, "another account does not find it");
	is_outcome(number_find(d->db, d->arena, us, OTHER, &found), NOT_FOUND,
	    "a number that is not there is not found");
	(void)make_number(d, &d->stranger, NUMBER);
	changed =
	    (struct phone_number){ .number = NUMBER, .carrier_id = id_new() };
	is_outcome(
	    number_update(d->db, us, &changed), OK, "a number is changed");
	must(number_find(d->db, d->arena, us, NUMBER, &found));
	ok(found.label == NULL &&
		id_equal(&found.carrier_id, &changed.carrier_id),
	    "it has another carrier, and a label can be taken away");
	is_int(found.created_at, number.created_at, "it is as old as before");
	is_outcome(number_update(d->db, us, &changed), OK,
	    "a change that changes nothing works too");
	must(number_find(d->db, d->arena, &d->stranger, NUMBER, &found));
	is_text(found.label, "Büro ☎", "another account's stays as it is");
	changed.number = OTHER;
	is_outcome(number_update(d->db, us, &changed), NOT_FOUND,
	    "a number that is not there cannot be changed");
}

static void
test_config(struct database *d)
{
	struct number_config full = full_config(d), found;
	struct number_config least;
	struct silence silence;
	struct id *us = &d->account;

	number_config_init(&least);
	is_outcome(number_config_find(
		       d->db, d->arena, us, NUMBER, CHANNEL_SMS, &found),
	    NOT_FOUND, "a number that is on no channel has no config");
	is_outcome(number_config_save(d->db, us, NUMBER, CHANNEL_SMS, &full),
	    OK, "a config is written");
	must(number_config_find(
	    d->db, d->arena, us, NUMBER, CHANNEL_SMS, &found));
	same_config(&found, &full, "full");
	is_outcome(number_silence_find(
		       d->db, d->arena, us, NUMBER, CHANNEL_SMS, &silence),
	    OK, "its clock is found alone");
	ok(silence.time_out == 900.5 && silence.warning_time == 300.25,
	    "with both times");
	is_text(silence.timeout_message, full.silence.timeout_message,
	    "with the last words");
	is_text(silence.warning_message, full.silence.warning_message,
	    "with the warning");
	is_outcome(number_config_save(d->db, us, NUMBER, CHANNEL_SMS, &least),
	    OK, "a config is written over");
	must(number_config_find(
	    d->db, d->arena, us, NUMBER, CHANNEL_SMS, &found));
	same_config(&found, &least, "least");
	ok(found.webhook == NULL && found.silence.time_out == 0,
	    "what is not set any more is NULL and 0");
	is_int(database_number(d->db, "SELECT time_out IS NULL"
				      " AND max_segments IS NULL"
				      " AND timeout_action IS NULL"
				      " FROM number_config"),
	    1, "what is not set is NULL in the table");
}

static void
test_channels(struct database *d)
{
	struct number_config least, found;
	struct phone_number number;
	struct silence silence;
	struct id *us = &d->account;

	number_config_init(&least);
	must(number_config_save(d->db, us, NUMBER, CHANNEL_WHATSAPP, &least));
	must(number_find(d->db, d->arena, us, NUMBER, &number));
	is_text(number.channels, "[\"sms\",\"whatsapp\"]",
	    "a number tells its channels");
	is_outcome(number_config_find(d->db, d->arena, &d->stranger, NUMBER,
		       CHANNEL_SMS, &found),
	    NOT_FOUND, "another account does not find the config");
	is_outcome(number_silence_find(d->db, d->arena, &d->stranger, NUMBER,
		       CHANNEL_SMS, &silence),
	    NOT_FOUND, "nor its clock");
	must(number_config_delete(d->db, &d->stranger, NUMBER, CHANNEL_SMS));
	is_outcome(number_config_find(
		       d->db, d->arena, us, NUMBER, CHANNEL_SMS, &found),
	    OK, "nor can it take the number off a channel");
	is_outcome(number_config_delete(d->db, us, NUMBER, CHANNEL_SMS), OK,
	    "a number is taken off a channel");
	is_outcome(number_config_find(
		       d->db, d->arena, us, NUMBER, CHANNEL_SMS, &found),
	    NOT_FOUND, "then it has no config there");
	is_outcome(number_config_find(
		       d->db, d->arena, us, NUMBER, CHANNEL_WHATSAPP, &found),
	    OK, "its other channel stays");
	must(number_find(d->db, d->arena, us, NUMBER, &number));
	is_text(number.channels, "[\"whatsapp\"]", "and is all it tells");
	must(number_config_delete(d->db, us, NUMBER, CHANNEL_WHATSAPP));
}

static void
test_standing(struct database *d)
{
	struct number_config full = full_config(d), found;
	const struct pair pair = {
		.channel = CHANNEL_SMS, .agent = NUMBER, .user = "+15550100077"
	};
	struct pair other = pair;
	bool opted_out = true;
	struct id *us = &d->account;

	is_outcome(number_config_find_for(
		       d->db, d->arena, us, &pair, &found, &opted_out),
	    NOT_FOUND, "nobody has a standing with no number");
	must(number_config_save(d->db, us, NUMBER, CHANNEL_SMS, &full));
	is_outcome(number_config_find_for(
		       d->db, d->arena, us, &pair, &found, &opted_out),
	    OK, "a config is found for a user");
	same_config(&found, &full, "for a user");
	ok(!opted_out, "who did not say STOP");
	must(opt_out_add(d->db, us, &pair));
	must(number_config_find_for(
	    d->db, d->arena, us, &pair, &found, &opted_out));
	same_config(&found, &full, "for a user who did");
	ok(opted_out, "who did");
	other.user = "+15550100078";
	must(number_config_find_for(
	    d->db, d->arena, us, &other, &found, &opted_out));
	ok(!opted_out, "which is nothing to another user");
	must(number_config_save(d->db, us, NUMBER, CHANNEL_WHATSAPP, &full));
	other = pair;
	other.channel = CHANNEL_WHATSAPP;
	must(number_config_find_for(
	    d->db, d->arena, us, &other, &found, &opted_out));
	ok(!opted_out, "nor on another channel");
	must(number_config_save(
	    d->db, &d->stranger, NUMBER, CHANNEL_SMS, &full));
	must(number_config_find_for(
	    d->db, d->arena, &d->stranger, &pair, &found, &opted_out));
	ok(!opted_out, "nor to another account");
	must(opt_out_remove(d->db, us, &pair));
	must(number_config_delete(d->db, us, NUMBER, CHANNEL_SMS));
	must(number_config_delete(d->db, us, NUMBER, CHANNEL_WHATSAPP));
	must(number_config_delete(d->db, &d->stranger, NUMBER, CHANNEL_SMS));
}

static void
test_way(struct database *d)
{
	struct number_config full = full_config(d);
	struct carrier carrier = { .id = id_new(),
		.kind = CARRIER_TWILIO,
		.name = "way",
		.account_sid = "AC7",
		.sealed = "sealed" };
	struct phone_number number = { .number = "+15550100070",
		.carrier_id = carrier.id };
	const struct pair pair = { CHANNEL_SMS, "+15550100077", number.number };
	struct number_way way;
	struct id *us = &d->account;

	must(carrier_insert(d->db, us, &carrier));
	must(number_insert(d->db, us, &number));
	must(number_config_save(d->db, us, pair.agent, CHANNEL_SMS, &full));
	must(number_way_find(d->db, d->arena, us, &pair, &way));
	same_config(&way.config, &full, "of a way");
	ok(!way.opted_out && id_equal(&way.carrier.id, &carrier.id) &&
		way.carrier.kind == CARRIER_TWILIO,
	    "with the number's carrier");
	must(opt_out_add(d->db, us, &pair));
	must(number_way_find(d->db, d->arena, us, &pair, &way));
	ok(way.opted_out, "and whether the user said STOP");
	must(opt_out_remove(d->db, us, &pair));
	must(number_delete(d->db, d->arena, us, pair.agent));
}

static void
test_called(struct database *d)
{
	struct number_config full = full_config(d);
	struct carrier carrier = { .id = id_new(),
		.kind = CARRIER_TWILIO,
		.name = "called",
		.account_sid = "AC1",
		.sealed = "sealed" };
	const struct pair pair = {
		.channel = CHANNEL_SMS, .agent = NUMBER, .user = "+15550100077"
	};
	struct number_called called;
	struct id *us = &d->account;

	must(carrier_insert(d->db, us, &carrier));
	is_outcome(number_find_called(
		       d->db, d->arena, CARRIER_TWILIO, "AC2", &pair, &called),
	    NOT_FOUND, "a text of a carrier that nobody has is nobody's");
	is_outcome(number_find_called(
		       d->db, d->arena, CARRIER_TWILIO, "AC1", &pair, &called),
	    OK, "a carrier is found by its account at the provider");
	ok(id_equal(&called.account_id, us) &&
		id_equal(&called.carrier.id, &carrier.id),
	    "with the account that has it");
	is_text(called.carrier.sealed, "sealed", "and its token");
	ok(!called.has_number, "a number that it lacks is not there");
	must(number_config_save(
	    d->db, &d->stranger, NUMBER, CHANNEL_SMS, &full));
	must(number_config_save(d->db, us, NUMBER, CHANNEL_WHATSAPP, &full));
	must(opt_out_add(d->db, &d->stranger, &pair));
	must(number_find_called(
	    d->db, d->arena, CARRIER_TWILIO, "AC1", &pair, &called));
	ok(!called.has_number && !called.opted_out,
	    "nor one of another account, or on another channel");
	must(number_config_save(d->db, us, NUMBER, CHANNEL_SMS, &full));
	must(number_find_called(
	    d->db, d->arena, CARRIER_TWILIO, "AC1", &pair, &called));
	ok(called.has_number && !called.opted_out, "its own is");
	same_config(&called.config, &full, "of a number that is called");
	must(opt_out_add(d->db, us, &pair));
	must(number_find_called(
	    d->db, d->arena, CARRIER_TWILIO, "AC1", &pair, &called));
	ok(called.opted_out, "it is known who said STOP to it");
	must(opt_out_remove(d->db, us, &pair));
	must(opt_out_remove(d->db, &d->stranger, &pair));
	must(number_config_delete(d->db, us, NUMBER, CHANNEL_SMS));
	must(number_config_delete(d->db, us, NUMBER, CHANNEL_WHATSAPP));
	must(number_config_delete(d->db, &d->stranger, NUMBER, CHANNEL_SMS));
	must(carrier_delete(d->db, d->arena, us, &carrier.id));
}

static void
test_list(struct database *d)
{
	struct number_config least;
	struct phone_number *numbers;
	struct rows rows;
	struct id *us = &d->account;

	number_config_init(&least);
	(void)make_number(d, us, "+15550100009");
	(void)make_number(d, us, OTHER);
	(void)make_number(d, &d->stranger, "+15550100005");
	must(number_config_save(d->db, us, OTHER, CHANNEL_IMESSAGE, &least));
	is_outcome(number_list(d->db, d->arena, us, &rows), OK,
	    "an account's numbers are listed");
	numbers = rows.list;
	is_int(rows.count, 3, "only its own");
	is_text(numbers[0].number, NUMBER, "by number: the least first");
	is_text(numbers[1].number, OTHER, "by number: then the next");
	is_text(numbers[1].channels, "[\"imessage\"]", "with their channels");
	is_text(numbers[2].number, "+15550100009", "by number: then the last");
}

/* After test_list OTHER is on imessage, and NUMBER on no channel. */
static void
test_only(struct database *d)
{
	struct number_config least;
	struct number_place only = { "untouched", -1 };
	struct id *us = &d->account;

	number_config_init(&least);
	is_outcome(
	    number_find_only(d->db, d->arena, us, NULL, CHANNEL_SMS, &only),
	    NOT_FOUND, "where no number is on a channel none is the only one");
	is_text(only.number, "untouched", "and nothing is told");
	is_outcome(number_find_only(
		       d->db, d->arena, us, NULL, CHANNEL_IMESSAGE, &only),
	    OK, "where one is, it is");
	is_text(only.number, OTHER, "it is told");
	is_outcome(number_find_only(d->db, d->arena, us, OTHER, -1, &only), OK,
	    "a number has an only channel");
	is_int(only.channel, CHANNEL_IMESSAGE, "which is told");
	must(number_config_save(d->db, us, OTHER, CHANNEL_SMS, &least));
	is_outcome(number_find_only(d->db, d->arena, us, OTHER, -1, &only),
	    CONFLICT, "of several channels none is the only one");
	must(number_config_save(d->db, us, NUMBER, CHANNEL_SMS, &least));
	is_outcome(
	    number_find_only(d->db, d->arena, us, NULL, CHANNEL_SMS, &only),
	    CONFLICT, "nor of several numbers");
	is_outcome(number_find_only(d->db, d->arena, &d->stranger, NULL,
		       CHANNEL_IMESSAGE, &only),
	    NOT_FOUND, "another account's do not count");
	must(number_config_delete(d->db, us, OTHER, CHANNEL_SMS));
	must(number_config_delete(d->db, us, NUMBER, CHANNEL_SMS));
}

static void
test_counts(struct database *d)
{
	struct number_config least, full = full_config(d);
	struct number_entry *entries;
	struct rows rows;
	struct id *us = &d->account, id;
	int i;

	number_config_init(&least);
	must(number_config_save(d->db, us, NUMBER, CHANNEL_SMS, &full));
	must(number_config_save(d->db, us, OTHER, CHANNEL_SMS, &least));
	must(number_config_save(
	    d->db, &d->stranger, NUMBER, CHANNEL_SMS, &least));
	for (i = 0; i < 64; i++) {
		id = id_new();
		id.bytes[ID_BYTES - 1] = (unsigned char)i;
		must(number_count_add(d->db, us, NUMBER, CHANNEL_SMS, &id, 1));
	}
	is_int(database_number(d->db, "SELECT COUNT(*) FROM number_count"), 16,
	    "a count is spread over 16 rows");
	is_int(database_number(
		   d->db, "SELECT MAX(conversations) FROM number_count"),
	    4, "evenly");
	must(
	    number_count_add(d->db, &d->stranger, NUMBER, CHANNEL_SMS, &id, 1));
	must(number_count_add(d->db, us, NUMBER, CHANNEL_WHATSAPP, &id, 1));
	is_outcome(number_count_add(d->db, us, NUMBER, CHANNEL_SMS, &id, -1),
	    OK, "a count is taken back");
	is_outcome(number_entries(d->db, d->arena, us, CHANNEL_SMS, &rows), OK,
	    "the numbers of a channel are listed");
	entries = rows.list;
	is_int(rows.count, 2, "only the account's own on this channel");
	is_text(entries[0].number, NUMBER, "by number");
	is_int(entries[0].conversations, 63, "with the sum of the counts");
	same_config(&entries[0].config, &full, "listed");
	is_text(entries[1].number, OTHER, "then the next");
	is_int(entries[1].conversations, 0,
	    "one that never had a conversation says 0");
}

static void
open_conversation(struct database *d, const struct id *account)
{
	struct conversation conversation = {
		.id = id_new(),
		.account_id = *account,
		.pair = { CHANNEL_WHATSAPP, USER, NUMBER },
		.status = CONVERSATION_OPEN,
		.is_active = true,
		.created_at = when_now(),
		.updated_at = when_now(),
	};

	must(conversation_insert(d->db, &conversation));
}

static void
test_delete(struct database *d)
{
	struct id *us = &d->account;
	struct phone_number found;

	open_conversation(d, us);
	is_outcome(number_delete(d->db, d->arena, us, NUMBER), CONFLICT,
	    "a number with an open conversation is not deleted");
	must(number_find(d->db, d->arena, us, NUMBER, &found));
	is_text(found.channels, "[\"sms\"]", "nothing of it is");
	database_do(d->db, "UPDATE conversation"
			   " SET is_open = NULL, status = 'ended'");
	open_conversation(d, &d->stranger);
	is_outcome(number_delete(d->db, d->arena, us, NUMBER), OK,
	    "one whose conversations have ended is deleted");
	is_outcome(number_find(d->db, d->arena, us, NUMBER, &found), NOT_FOUND,
	    "it is gone");
	is_int(database_number(d->db,
		   "SELECT (SELECT COUNT(*) FROM number_config"
		   "  WHERE account_id = %s AND number = '" NUMBER "')"
		   " + (SELECT COUNT(*) FROM number_count"
		   "  WHERE account_id = %s AND number = '" NUMBER "')",
		   database_id(d->arena, us), database_id(d->arena, us)),
	    0, "its configs and counts went with it");
	is_outcome(number_find(d->db, d->arena, us, OTHER, &found), OK,
	    "the account's other number stays");
	is_text(found.channels, "[\"imessage\",\"sms\"]", "with its channels");
	is_outcome(number_find(d->db, d->arena, &d->stranger, NUMBER, &found),
	    OK, "another account's number stays");
	is_text(found.channels, "[\"sms\"]", "with its channel");
}

static void
test_hold(struct database *d)
{
	struct id *us = &d->account;
	struct phone_number number = { .number = OTHER,
		.carrier_id = id_new() };

	database_hurry(d->other);
	database_begin(d->db);
	is_outcome(
	    number_hold(d->db, d->arena, us, OTHER), OK, "a number is held");
	is_outcome(number_hold(d->other, d->arena, us, OTHER), AGAIN,
	    "by one at a time");
	is_outcome(number_update(d->other, us, &number), AGAIN,
	    "one that is held is not changed by another");
	database_commit(d->db);
	is_outcome(
	    number_update(d->other, us, &number), OK, "afterwards it is");
	is_outcome(number_hold(d->db, d->arena, us, NUMBER), NOT_FOUND,
	    "one that is gone cannot be held");
	is_outcome(number_hold(d->db, d->arena, &d->stranger, OTHER), NOT_FOUND,
	    "another account's cannot be held");
}

static void
test_index(struct database *d)
{
	struct number_config least, config;
	struct silence silence;
	struct id *us = &d->account, id = id_new();
	const char *number = NULL;
	int i;

	number_config_init(&least);
	for (i = 0; i < 200; i++) {
		number = arena_format(d->arena, "+1666%07d", i);
		(void)make_number(d, us, number);
		must(
		    number_config_save(d->db, us, number, CHANNEL_SMS, &least));
		must(number_count_add(d->db, us, number, CHANNEL_SMS, &id, 1));
	}
	database_do(
	    d->db, "ANALYZE TABLE phone_number, number_config, number_count");
	database_watch(d->db);
	must(number_silence_find(
	    d->db, d->arena, us, number, CHANNEL_SMS, &silence));
	must(number_config_find(
	    d->db, d->arena, us, number, CHANNEL_SMS, &config));
	ok(database_reads(d->db) <= 4, "a config is found by its key");
	database_watch(d->db);
	must(number_delete(d->db, d->arena, us, number));
	ok(database_reads(d->db) <= 24,
	    "deleting a number does not read the others");
}

int
main(void)
{
	struct database d;

	database_open(&d);
	test_number(&d);
	test_config(&d);
	test_channels(&d);
	test_standing(&d);
	test_way(&d);
	test_called(&d);
	test_list(&d);
	test_only(&d);
	test_counts(&d);
	test_delete(&d);
	test_hold(&d);
	test_index(&d);
	database_close(&d);
	return done();
}
