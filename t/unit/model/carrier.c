/*
 * Carriers: what a provider's needs, and what is never shown.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "model/carrier.h"
#include "model/field.h"

#include "tap.h"

#include <string.h>

static void
test_check(struct arena *arena)
{
	struct carrier carrier = { .kind = CARRIER_LOOPBACK };
	struct faults faults;

	faults_init(&faults, arena);
	is_int(carrier_check(&carrier, &faults), OK,
	    "the loopback needs no credentials");
	carrier.kind = CARRIER_TWILIO;
	is_int(carrier_check(&carrier, &faults), INVALID,
	    "a provider's carrier needs them");
	is_int((int64_t)faults.count, 2, "both");
	is_text(faults.list[0].field, "/account_sid", "the account");
	is_text(faults.list[0].message, "account_sid is required for twilio",
	    "by its name");
	is_text(faults.list[1].field, "/auth_token", "and the token");
	is_text(faults.list[1].reason->code, "MISSING_REQUIRED_FIELDS",
	    "which are missing");
	faults_init(&faults, arena);
	carrier.account_sid = "AC1";
	is_int(carrier_check(&carrier, &faults), INVALID,
	    "an account alone is not enough");
	is_int((int64_t)faults.count, 1, "for one reason");
	faults_init(&faults, arena);
	carrier.auth_token = "token";
	is_int(
	    carrier_check(&carrier, &faults), OK, "an account and a token are");
}

static void
test_livekit(struct arena *arena)
{
	struct carrier carrier = { .kind = CARRIER_LIVEKIT };
	struct faults faults;

	faults_init(&faults, arena);
	is_int(carrier_check(&carrier, &faults), INVALID,
	    "LiveKit's carrier needs more");
	is_int((int64_t)faults.count, 3, "three things");
	is_text(faults.list[0].field, "/api_key", "a key");
	is_text(faults.list[1].message, "api_secret is required for livekit",
	    "a secret, by its name there");
	is_text(faults.list[2].field, "/base_url", "and where it stands");
	carrier.account_sid = "APIkey";
	carrier.auth_token = "secret";
	carrier.base_url = "wss://rooms.example.com";
	faults_init(&faults, arena);
	is_int(carrier_check(&carrier, &faults), OK, "which are enough");
	carrier.kind = CARRIER_TWILIO;
	is_int(carrier_check(&carrier, &faults), INVALID,
	    "others are not reached by wss");
	is_text(faults.list[0].field, "/base_url", "which is said");
	ok(carrier_has_numbers(&carrier), "Twilio has numbers");
	carrier.kind = CARRIER_LIVEKIT;
	ok(!carrier_has_numbers(&carrier), "LiveKit has none");
}

static enum outcome
read_carrier(struct arena *arena, const char *json, struct faults *faults,
    struct carrier *carrier)
{
	struct reader reader = { .arena = arena, .faults = faults };
	struct json_object *document;
	struct json_fault fault;

	faults_init(faults, arena);
	if (json_parse(arena, json, strlen(json), &document, &fault) != OK)
		return FAULT;
	return field_read(&reader, &carrier_schema, document, "", carrier);
}

static void
test_schema(struct arena *arena)
{
	struct carrier carrier = { .kind = CARRIER_LOOPBACK };
	struct faults faults;
	const char *text;

	is_int(read_carrier(arena,
		   "{\"kind\":\"twilio\",\"name\":\"Main\","
		   "\"account_sid\":\"AC1\",\"auth_token\":\"hidden\","
		   "\"id\":\"not even an id\"}",
		   &faults, &carrier),
	    OK, "a carrier is read");
	is_int(carrier.kind, CARRIER_TWILIO, "with its kind");
	is_text(carrier.auth_token, "hidden", "and its token");
	text = json_text(arena,
	    json_own(arena, field_write(arena, &carrier_schema, &carrier)));
	is_text(text,
	    "{\"id\":null,\"kind\":\"twilio\",\"name\":\"Main\","
	    "\"account_sid\":\"AC1\",\"username\":null,"
	    "\"verification_key\":null,\"base_url\":null,\"created_at\":null}",
	    "and written without the token");
	is_int(read_carrier(arena,
		   "{\"kind\":\"livekit\",\"name\":\"Rooms\","
		   "\"api_key\":\"APIkey\",\"api_secret\":\"hidden\","
		   "\"base_url\":\"wss://rooms.example.com\"}",
		   &faults, &carrier),
	    OK, "LiveKit's names are read");
	is_text(carrier.account_sid, "APIkey", "its key");
	is_text(carrier.auth_token, "hidden", "its secret");
	text = json_text(arena,
	    json_own(arena, field_write(arena, &carrier_schema, &carrier)));
	is_text(text,
	    "{\"id\":null,\"kind\":\"livekit\",\"name\":\"Rooms\","
	    "\"account_sid\":\"APIkey\",\"username\":null,"
	    "\"verification_key\":null,"
	    "\"base_url\":\"wss://rooms.example.com\","
	    "\"created_at\":null}",
	    "which is not shown");
	is_int(read_carrier(arena, "{}", &faults, &carrier), INVALID,
	    "an empty document is no carrier");
	is_int((int64_t)faults.count, 2, "it lacks two fields");
	is_text(faults.list[0].field, "/kind", "the kind");
	is_text(faults.list[1].field, "/name", "and the name");
	is_int(read_carrier(arena, "{\"kind\":\"acme\",\"name\":\" \"}",
		   &faults, &carrier),
	    INVALID, "an unknown kind and a blank name are refused");
	is_text(faults.list[0].message,
	    "kind must be loopback, twilio, livekit or smtp",
	    "the kind with those there are");
	is_text(faults.list[1].message, "name must be more than white space",
	    "the name for what it is");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_check(arena);
	test_livekit(arena);
	test_schema(arena);
	arena_free(arena);
	return done();
}
