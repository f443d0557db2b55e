/*
 * Secrets: their names, and that a value is never written.
 */
#include "base/base.h"

#include "model/secret.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "model/field.h"

#include "tap.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ012345678_"

static enum outcome
read_request(struct arena *arena, const char *json, struct secret *secret)
{
	struct faults faults;
	struct reader reader = { .arena = arena, .faults = &faults };
	struct json_object *document;
	struct json_fault fault;

	faults_init(&faults, arena);
	if (json_parse(arena, json, strlen(json), &document, &fault) != OK)
		return FAULT;
	return field_read(
	    &reader, &secret_request_schema, document, "", secret);
}

static const char *
request(struct arena *arena, size_t length)
{
	char *value = arena_alloc(arena, length + 1);

	(void)memset(value, 'x', length);
	return arena_format(
	    arena, "{\"name\":\"KEY\",\"value\":\"%s\"}", value);
}

int
main(void)
{
	static const char *const bad[] = { "", "a b", "a-b", "a.b", "\xc3\xa4",
		"{{a}}", LETTERS "xxx" };
	struct arena *arena = arena_new();
	struct secret secret = { .name = NULL };
	size_t i;

	ok(secret_name_is_good("crm_API_key_2"), "letters, digits and _");
	ok(secret_name_is_good(LETTERS "xx"), "64 of them");
	for (i = 0; i < COUNT(bad); i++)
		ok(!secret_name_is_good(bad[i]), "%s is no name", bad[i]);
	is_int(read_request(arena, request(arena, SECRET_VALUE_MOST), &secret),
	    OK, "a value of 8 KiB is read");
	is_int((int64_t)strlen(secret.value), SECRET_VALUE_MOST, "whole");
	is_int(
	    read_request(arena, request(arena, SECRET_VALUE_MOST + 1), &secret),
	    INVALID, "one that is longer is refused");
	is_int(read_request(arena, request(arena, 0), &secret), INVALID,
	    "so is none");
	secret.value = "hush";
	ok(strstr(
	       json_text(arena, json_own(arena, field_write(arena,
						    &secret_schema, &secret))),
	       "hush") == NULL,
	    "what is written has no value");
	arena_free(arena);
	return done();
}
