/*
 * Keys: how they read, what is kept of them, what they may do.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/names.h"
#include "base/secret.h"
#include "base/text.h"
#include "model/field.h"
#include "model/key.h"

#include "tap.h"

#include <string.h>

#define KEY_LENGTH 100 /* "pk_", 32 digits, "_" and 64 digits */

#define ID_DIGITS "0193a1b2c3d47e5f8a9b0c1d2e3f4a5b"
#define SECRET_HALF "000102030405060708090a0b0c0d0e0f"

/* clang-format off */
static const struct {
	const char *credential, *name;
} bad[] = {
	{ "", "nothing" },
	{ "pk_", "a beginning" },
	{ "sk_" ID_DIGITS "_" SECRET_HALF SECRET_HALF, "another prefix" },
	{ "PK_" ID_DIGITS "_" SECRET_HALF SECRET_HALF, "the wrong case" },
	{ "pk_" ID_DIGITS "-" SECRET_HALF SECRET_HALF,
	    "another sign in the middle" },
	{ "pk_" ID_DIGITS "_" SECRET_HALF, "half a secret" },
	{ "pk_" ID_DIGITS "_" SECRET_HALF SECRET_HALF "0",
	    "a digit too many" },
	{ "pk_" ID_DIGITS "_" SECRET_HALF "g00102030405060708090a0b0c0d0e0f",
	    "a letter in the secret" },
	{ "pk_x193a1b2c3d47e5f8a9b0c1d2e3f4a5b_" SECRET_HALF SECRET_HALF,
	    "a letter in the id" },
	{ " pk_" ID_DIGITS "_" SECRET_HALF SECRET_HALF, "a space before it" },
};
/* clang-format on */

static void
test_make(struct arena *arena)
{
	unsigned char digest[SECRET_DIGEST];
	struct key key = { .name = "test" }, other = { .name = "test" };
	struct id id;

	key_make(arena, &key);
	key_make(arena, &other);
	ok(!id_is_none(&key.id), "a new key has an id");
	is_int((int64_t)strlen(key.secret), KEY_LENGTH, "and its length");
	ok(text_starts(key.secret, "pk_"), "and begins as keys do");
	ok(strcmp(key.secret, other.secret) != 0 &&
		!id_equal(&key.id, &other.id),
	    "no two are the same");
	is_int(key_parse(key.secret, &id, digest), OK, "it can be parsed");
	ok(id_equal(&id, &key.id), "to its id");
	ok(memcmp(digest, key.digest, sizeof(digest)) == 0,
	    "and to its digest");
	ok(memcmp(other.digest, key.digest, sizeof(digest)) != 0,
	    "which is not another's");
}

static void
test_parse(struct arena *arena)
{
	unsigned char secret[32], wanted[SECRET_DIGEST], got[SECRET_DIGEST];
	struct id id;
	size_t i;

	for (i = 0; i < sizeof(secret); i++)
		secret[i] = (unsigned char)(i % 16);
	secret_digest(secret, sizeof(secret), wanted);
	is_int(key_parse("pk_" ID_DIGITS "_" SECRET_HALF SECRET_HALF, &id, got),
	    OK, "a key is parsed");
	is_text(id_text(arena, &id), "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
	    "to its id");
	ok(memcmp(got, wanted, sizeof(got)) == 0,
	    "and the SHA-256 of its secret's bytes");
}

static void
test_bad(void)
{
	unsigned char digest[SECRET_DIGEST] = { 0 };
	const unsigned char untouched[SECRET_DIGEST] = { 0 };
	struct id id = { { 0 } };
	size_t i;

	for (i = 0; i < COUNT(bad); i++) {
		is_int(key_parse(bad[i].credential, &id, digest), INVALID,
		    "%s is no key", bad[i].name);
		ok(id_is_none(&id) &&
			memcmp(digest, untouched, sizeof(digest)) == 0,
		    "and fills nothing");
	}
}

static void
test_scopes(struct arena *arena)
{
	const char *unknown = "none";
	unsigned mask = 7;

	is_int(key_scopes(arena, "[]", &mask, &unknown), OK,
	    "no scopes are scopes");
	is_int(mask, 0, "and none");
	is_int(key_scopes(arena, "[\"agents:read\",\"admin\",\"admin\"]", &mask,
		   &unknown),
	    OK, "scopes are read");
	is_int(mask, SCOPE(AGENTS_READ) | SCOPE(ADMIN), "as a mask");
	is_text(unknown, "none", "and none is unknown");
	is_int(key_scopes(arena, "[\"admin\",\"agent:read\"]", &mask, &unknown),
	    INVALID, "what is no scope is refused");
	is_text(unknown, "agent:read", "and named");
	is_int(mask, SCOPE(AGENTS_READ) | SCOPE(ADMIN),
	    "and leaves the mask alone");
	is_int(key_scopes(arena, "[null]", &mask, &unknown), INVALID,
	    "null is no scope");
	is_text(unknown, "null", "and named");
	is_int(key_scopes(arena, "[{\"admin\":1}]", &mask, &unknown), INVALID,
	    "an object is no scope");
	is_int(key_scopes(arena, "{}", &mask, &unknown), INVALID,
	    "an object is no list of scopes");
	is_text(unknown, "{}", "and named");
	is_int(key_scopes(arena, "null", &mask, &unknown), INVALID,
	    "null is no list of scopes");
	is_int(key_scopes(arena, "[", &mask, &unknown), INVALID,
	    "half an array is no list of scopes");
}

/* Each word's own bit; so that a word in the wrong place is seen. */
static void
test_every_scope(struct arena *arena)
{
	const char *unknown = NULL, *json, *word;
	unsigned mask;
	int scope;

	for (scope = 0; scope < SCOPE_N; scope++) {
		word = names_text(&scope_names, scope);
		json = arena_format(arena, "[\"%s\"]", word);
		mask = 0;
		is_int(key_scopes(arena, json, &mask, &unknown), OK,
		    "%s is a scope", word);
		is_int(mask, 1u << scope, "with its bit");
		is_text(key_scopes_text(arena, mask), word, "and its word");
	}
	is_text(names_text(&scope_names, SCOPE_CONVERSATIONS_READ_SENSITIVE),
	    "conversations:read_sensitive", "a scope has its own word");
	is_text(key_scopes_text(arena, 0), "", "no scope has no words");
	is_text(key_scopes_text(arena,
		    SCOPE(CONVERSATIONS_MANAGE) | SCOPE(CONVERSATIONS_READ)),
	    "conversations:read or conversations:manage",
	    "scopes are listed for a sentence");
	ok(text_ends(key_scopes_text(arena, (1u << SCOPE_N) - 1), " or admin"),
	    "all of them fit");
}

static void
test_allows(void)
{
	ok(key_allows(0, 0), "what asks for nothing is allowed to everybody");
	ok(!key_allows(0, SCOPE(AGENTS_READ)), "no scope allows nothing else");
	ok(key_allows(SCOPE(AGENTS_READ), SCOPE(AGENTS_READ)),
	    "a scope allows what asks for it");
	ok(!key_allows(SCOPE(AGENTS_READ), SCOPE(AGENTS_MANAGE)),
	    "reading does not allow managing");
	ok(!key_allows(SCOPE(AGENTS_MANAGE), SCOPE(AGENTS_READ)),
	    "managing does not allow reading");
	ok(key_allows(SCOPE(AGENTS_READ) | SCOPE(TOOLS_READ),
	       SCOPE(TOOLS_READ) | SCOPE(TOOLS_MANAGE)),
	    "one of those that are asked for is enough");
	ok(key_allows(SCOPE(ADMIN), SCOPE(KEYS_MANAGE)),
	    "admin allows everything");
	ok(!key_allows(SCOPE(KEYS_MANAGE), SCOPE(ADMIN)),
	    "nothing else allows what asks for admin");
}

static void
test_written(struct arena *arena)
{
	struct key key = { .name = "ci", .scopes = "[\"admin\"]" };
	const char *text;

	key_make(arena, &key);
	text = json_text(
	    arena, json_own(arena, field_write(arena, &key_schema, &key)));
	ok(strstr(text, key.secret) == NULL, "a list does not show the key");
	ok(strstr(text, "\"scopes\":[\"admin\"]") != NULL,
	    "but what it may do");
	ok(strstr(text, "\"expires_at\":null") != NULL,
	    "and that it does not expire");
	text = json_text(arena,
	    json_own(arena, field_write(arena, &key_created_schema, &key)));
	ok(strstr(text, arena_format(arena, "\"key\":\"%s\"", key.secret)) !=
		NULL,
	    "a new key is shown whole");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_make(arena);
	test_parse(arena);
	test_bad();
	test_scopes(arena);
	test_every_scope(arena);
	test_allows();
	test_written(arena);
	arena_free(arena);
	return done();
}
