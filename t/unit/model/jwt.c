/*
 * A token whose bytes are known, what was tampered with, and the moments at
 * which one is valid.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/when.h"
#include "model/jwt.h"

#include "tap.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
#define PAYLOAD                                                                \
	"eyJpc3MiOiJBUEl0ZXN0Iiwic3ViIjoidXNlcl80MiIsIm5iZiI6MTcwMDAwMDAwMCw"  \
	"iZXhwIjoxNzAwMDAwNjAwLCJ2aWRlbyI6eyJyb29tSm9pbiI6dHJ1ZSwicm9vbSI6Im"  \
	"NvbnZfMSJ9fQ"
#define MAC "687lFmtgKPcF-3VzifuZAhkLYGR0KAFeDHTBKnYdEEc"
#define TOKEN HEAD "." PAYLOAD "." MAC

/* The bytes of other JSON, in place of the head or the payload. */
/* clang-format off */
static const struct {
	const char *token, *name;
} unreadable[] = {
	{ "", "nothing" },
	{ ".", "a point" },
	{ "..", "two points" },
	{ HEAD, "a head alone" },
	{ HEAD "." PAYLOAD, "one without a signature" },
	{ HEAD "." PAYLOAD ".", "one with an empty signature" },
	{ HEAD ".." MAC, "one with an empty payload" },
	{ "." PAYLOAD "." MAC, "one with an empty head" },
	{ TOKEN ".", "one with a fourth part" },
	{ TOKEN "=", "one with padding" },
	{ TOKEN "A", "one whose signature is longer" },
	{ HEAD "." PAYLOAD ".687lFmtgKPcF-3VzifuZAhkLYGR0KAFeDHTBKnYdEE",
	    "one whose signature is shorter" },
	{ HEAD "." PAYLOAD ".687lFmtgKPcF-3VzifuZAhkLYGR0KAFeDHTBKnYdEEd",
	    "one with bits left over" },
	{ HEAD "." PAYLOAD ".687lFmtgKPcF+3VzifuZAhkLYGR0KAFeDHTBKnYdEEc",
	    "one in the other alphabet" },
	{ " " TOKEN, "one behind white space" },
	{ TOKEN "\n", "one before white space" },
	{ "Bearer " TOKEN, "one behind a word" },
	/* {"alg":"none","typ":"JWT"} */
	{ "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." PAYLOAD "." MAC,
	    "the algorithm none" },
	{ "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." PAYLOAD ".",
	    "none, without a signature" },
	/* {"alg":"HS512","typ":"JWT"} */
	{ "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9." PAYLOAD "." MAC,
	    "another algorithm" },
	/* {"alg":"hs256","typ":"JWT"} */
	{ "eyJhbGciOiJoczI1NiIsInR5cCI6IkpXVCJ9." PAYLOAD "." MAC,
	    "an algorithm in another case" },
	/* {"alg":["HS256"]} */
	{ "eyJhbGciOlsiSFMyNTYiXX0." PAYLOAD "." MAC,
	    "an algorithm that is a list" },
	/* {"typ":"JWT"} */
	{ "eyJ0eXAiOiJKV1QifQ." PAYLOAD "." MAC, "no algorithm" },
	/* {"alg":"HS256","crit":["exp"],"exp":1} */
	{ "eyJhbGciOiJIUzI1NiIsImNyaXQiOlsiZXhwIl0sImV4cCI6MX0." PAYLOAD "."
	    MAC, "extensions that must be understood" },
	/* {"alg":"HS256","alg":"none"} */
	{ "eyJhbGciOiJIUzI1NiIsImFsZyI6Im5vbmUifQ." PAYLOAD "." MAC,
	    "an algorithm that is said twice" },
	/* [1] */
	{ HEAD ".WzFd." MAC, "claims that are a list" },
	/* {"a": */
	{ HEAD ".eyJhIjo." MAC, "claims that stop early" },
};
/* clang-format on */

static struct json_object *
object(struct arena *arena, const char *text)
{
	struct json_object *read;
	struct json_fault fault;

	if (json_parse(arena, text, strlen(text), &read, &fault) != OK)
		abort();
	return read;
}

static void
test_vector(struct arena *arena)
{
	struct jwt jwt;

	is_text(jwt_sign(arena, "secret",
		    object(arena,
			"{\"iss\":\"APItest\",\"sub\":\"user_42\","
			"\"nbf\":1700000000,\"exp\":1700000600,"
			"\"video\":{\"roomJoin\":true,\"room\":\"conv_1\"}}")),
	    TOKEN, "the bytes that are known are signed");
	is_int(jwt_read(arena, TOKEN, &jwt), OK, "they are read");
	is_text(jwt_claim(&jwt, "iss"), "APItest", "with who signed");
	is_text(jwt_claim(&jwt, "sub"), "user_42", "and for whom");
	is_text(jwt_claim(&jwt, "exp"), NULL, "what is no text is none");
	is_text(jwt_claim(&jwt, "no"), NULL, "nor is what is not there");
	ok(jwt_is_signed(&jwt, "secret"), "the signature holds");
	ok(!jwt_is_signed(&jwt, "Secret"), "not by another secret");
	ok(!jwt_is_signed(&jwt, ""), "nor by none");
}

static void
test_unreadable(struct arena *arena)
{
	struct jwt jwt = { .length = 77 };
	size_t i;

	for (i = 0; i < COUNT(unreadable); i++)
		is_int(jwt_read(arena, unreadable[i].token, &jwt), INVALID,
		    "%s is no token", unreadable[i].name);
	is_int((int64_t)jwt.length, 77, "the struct stays as it was");
}

/* One whose claims are a text of so many bytes, and little else. */
static const char *
long_token(struct arena *arena, int length)
{
	return jwt_sign(arena, "secret",
	    object(arena, arena_format(arena, "{\"a\":\"%0*d\"}", length, 0)));
}

static void
test_length(struct arena *arena)
{
	int least = JWT_MOST / 4 * 3 - 80, length = least;
	const char *token = long_token(arena, length);
	struct jwt jwt;

	for (; strlen(token) <= JWT_MOST; length++)
		token = long_token(arena, length);
	ok(length > least, "tokens may be long");
	is_int(jwt_read(arena, long_token(arena, length - 2), &jwt), OK,
	    "one that is almost too long is read");
	is_int(
	    jwt_read(arena, token, &jwt), INVALID, "and one too long is not");
}

/* An empty secret makes a signature that anybody can make. */
static void
test_empty_secret(struct arena *arena)
{
	const char *token = jwt_sign(arena, "", object(arena, "{\"exp\":1}"));
	struct jwt jwt;

	is_int(jwt_read(arena, token, &jwt), OK, "one by no secret is read");
	ok(!jwt_is_signed(&jwt, ""), "and is not signed");
}

/* Each letter of the three parts changed to another. */
static void
test_tampered(struct arena *arena)
{
	char *token;
	size_t i, held = 0;
	struct jwt jwt;

	for (i = 0; i < strlen(TOKEN); i++) {
		token = arena_text(arena, TOKEN);
		token[i] = token[i] == 'A' ? 'B' : 'A';
		if (jwt_read(arena, token, &jwt) == OK &&
		    jwt_is_signed(&jwt, "secret"))
			held++;
	}
	is_int((int64_t)held, 0, "no letter can be another");
}

/* clang-format off */
static const struct {
	const char *claims;
	bool timely;
	const char *name;
} times[] = {
	{ "{\"exp\":1001}", true, "before its end" },
	{ "{\"exp\":1000}", true, "at its end, for clocks differ" },
	{ "{\"exp\":941}", true, "a minute after its end, almost" },
	{ "{\"exp\":940}", false, "a minute after its end" },
	{ "{\"exp\":-1}", false, "long after its end" },
	{ "{}", false, "without an end" },
	{ "{\"exp\":\"2000\"}", false, "with an end that is text" },
	{ "{\"exp\":null}", false, "with an end that is null" },
	{ "{\"exp\":18446744073709551615}", true, "with a distant end" },
	{ "{\"exp\":940.5}", true, "with a fraction of a second" },
	{ "{\"exp\":2000,\"nbf\":1000}", true, "from its beginning on" },
	{ "{\"exp\":2000,\"nbf\":1060}", true, "a minute before it" },
	{ "{\"exp\":2000,\"nbf\":1061}", false, "longer before it" },
	{ "{\"exp\":2000,\"nbf\":\"1\"}", false, "with a beginning of text" },
	{ "{\"exp\":2000,\"nbf\":1e300}", false, "with none in sight" },
};
/* clang-format on */

static void
test_times(struct arena *arena)
{
	struct jwt jwt;
	size_t i;

	for (i = 0; i < COUNT(times); i++) {
		jwt.claims = object(arena, times[i].claims);
		is_int(jwt_is_timely(&jwt, 1000 * WHEN_SECOND), times[i].timely,
		    "a token %s", times[i].name);
	}
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_vector(arena);
	test_unreadable(arena);
	test_length(arena);
	test_empty_secret(arena);
	test_tampered(arena);
	test_times(arena);
	arena_free(arena);
	return done();
}
