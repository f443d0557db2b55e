#include "base/base.h"

#include "model/jwt.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "base/when.h"

#include <json-c/json.h>
#include <string.h>

static const char header[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

/* The two letters in which the alphabets differ (RFC 4648, section 5). */
static void
swap_letters(char *text, const char *from, const char *to)
{
	const char *at;

	for (; *text != '\0'; text++) {
		at = strchr(from, *text);
		if (at != NULL)
			*text = to[at - from];
	}
}

static const char *
encode(struct arena *arena, const void *bytes, size_t length)
{
	char *text = arena_text(arena, secret_base64(arena, bytes, length));

	swap_letters(text, "+/", "-_");
	text[strcspn(text, "=")] = '\0';
	return text;
}

/* The padding that is left out follows from the length. */
static enum outcome
decode(struct arena *arena, const char *part, size_t size,
    unsigned char **bytes, size_t *length)
{
	static const char *const paddings[] = { "", "===", "==", "=" };
	char *text =
	    arena_format(arena, "%.*s%s", (int)size, part, paddings[size % 4]);

	if (strcspn(text, "+/=") < size)
		return INVALID;
	swap_letters(text, "-_", "+/");
	return secret_unbase64(arena, text, bytes, length);
}

static void
sign(const char *secret, const char *text, size_t length,
    unsigned char signature[SECRET_DIGEST])
{
	secret_hmac(secret, strlen(secret), text, length, signature);
}

const char *
jwt_sign(struct arena *arena, const char *secret, struct json_object *claims)
{
	const char *payload = json_text(arena, claims);
	const char *text = arena_format(arena, "%s.%s",
	    encode(arena, header, sizeof(header) - 1),
	    encode(arena, payload, strlen(payload)));
	unsigned char signature[SECRET_DIGEST];

	sign(secret, text, strlen(text), signature);
	return arena_format(
	    arena, "%s.%s", text, encode(arena, signature, sizeof(signature)));
}

static enum outcome
decode_object(struct arena *arena, const char *part, size_t size,
    struct json_object **object)
{
	unsigned char *bytes;
	struct json_fault ignored;
	size_t length;
	enum outcome rc = decode(arena, part, size, &bytes, &length);

	if (rc == OK)
		rc = json_parse(
		    arena, (const char *)bytes, length, object, &ignored);
	if (rc == OK && !json_object_is_type(*object, json_type_object))
		rc = INVALID;
	return rc;
}

/* RFC 7515, section 4.1; "typ" is in any case (RFC 7519, section 5.1). */
static bool
is_ours(struct json_object *head)
{
	const char *algorithm = json_member_text(head, "alg");
	const char *type = json_member_text(head, "typ");

	return algorithm != NULL && text_equal(algorithm, "HS256") &&
	       (type == NULL || text_equal_nocase(type, "JWT")) &&
	       !json_object_object_get_ex(head, "crit", NULL);
}

enum outcome
jwt_read(struct arena *arena, const char *token, struct jwt *jwt)
{
	size_t head_size = strcspn(token, "."), size = head_size, length;
	const char *payload = token + head_size + 1, *signature;
	struct json_object *head, *claims;
	unsigned char *bytes;

	if (strlen(token) > JWT_MOST || token[head_size] != '.')
		return INVALID;
	size += 1 + strcspn(payload, ".");
	if (token[size] != '.')
		return INVALID;
	signature = token + size + 1;
	if (decode_object(arena, token, head_size, &head) != OK ||
	    !is_ours(head) ||
	    decode_object(arena, payload, size - head_size - 1, &claims) !=
		OK ||
	    decode(arena, signature, strlen(signature), &bytes, &length) !=
		OK ||
	    length != sizeof(jwt->signature))
		return INVALID;
	*jwt = (struct jwt){ .text = token, .length = size, .claims = claims };
	(void)memcpy(jwt->signature, bytes, length);
	return OK;
}

bool
jwt_is_signed(const struct jwt *jwt, const char *secret)
{
	unsigned char wanted[SECRET_DIGEST];
	bool good;

	sign(secret, jwt->text, jwt->length, wanted);
	good = secret_equal(wanted, jwt->signature, sizeof(wanted));
	secret_wipe(wanted, sizeof(wanted));
	return good && secret[0] != '\0';
}

/* A NumericDate (RFC 7519, section 2), in seconds. */
static enum outcome
date_of(const struct jwt *jwt, const char *name, double *seconds)
{
	struct json_object *value;

	if (!json_object_object_get_ex(jwt->claims, name, &value))
		return NOT_FOUND;
	if (!json_object_is_type(value, json_type_int) &&
	    !json_object_is_type(value, json_type_double))
		return INVALID;
	*seconds = json_object_get_double(value);
	return OK;
}

bool
jwt_is_timely(const struct jwt *jwt, int64_t now)
{
	double at = (double)now / (double)WHEN_SECOND, end, start = at;

	if (date_of(jwt, "exp", &end) != OK ||
	    date_of(jwt, "nbf", &start) == INVALID)
		return false;
	return at < end + JWT_LEEWAY && start <= at + JWT_LEEWAY;
}

const char *
jwt_claim(const struct jwt *jwt, const char *name)
{
	return json_member_text(jwt->claims, name);
}
