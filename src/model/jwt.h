/*
 * JSON Web Tokens (RFC 7519) that both sides sign with one secret.
 *
 * Only the compact form (RFC 7515, section 7.1) with HS256 (RFC 7518, section
 * 3.2): what a token says of its own algorithm is compared and never
 * followed, so "none" and a public key in the secret's place are refused.
 * Whoever holds a token can read it; a signature keeps nothing secret.
 *
 * Reading and verifying are apart, because the secret may have to be found by
 * what the token says: believe nothing of it before jwt_is_signed and
 * jwt_is_timely.
 */
#ifndef PARLEY_MODEL_JWT_H
#define PARLEY_MODEL_JWT_H

#include "base/base.h"
#include "base/secret.h"

#define JWT_MOST 8192 /* bytes of one that is read */
#define JWT_LEEWAY 60 /* seconds that two clocks may differ */

struct arena;
struct json_object;

/* One that was read. */
struct jwt {
	const char *text; /* borrowed */
	size_t length;    /* of its part that is signed */
	unsigned char signature[SECRET_DIGEST];
	struct json_object *claims; /* an object, the arena's */
};

/* The token that makes these claims, an object, which stays the caller's. */
const char *jwt_sign(
    struct arena *arena, const char *secret, struct json_object *claims);

/* INVALID: too long, not three parts of base64url (RFC 4648, section 5)
 * without padding, not JSON, another algorithm, or extensions that must be
 * understood ("crit"). */
enum outcome jwt_read(
    struct arena *arena, const char *token, struct jwt *jwt) MUSTCHECK;

/* Was it signed with this secret?  In constant time; an empty secret signs
 * nothing. */
bool jwt_is_signed(const struct jwt *jwt, const char *secret);

/* Is it valid at `now`, give or take JWT_LEEWAY: before its "exp", which it
 * must have, and not before its "nbf"? */
bool jwt_is_timely(const struct jwt *jwt, int64_t now);

/* A claim that is a string, borrowed; NULL: it has none. */
const char *jwt_claim(const struct jwt *jwt, const char *name);

#endif
