/*
 * API keys.
 *
 * A key reads pk_<id>_<secret>: the id (32 hexadecimal digits) finds its
 * row, the secret (256 random bits as 64 digits) is compared as SHA-256 in
 * constant time.  It is shown once, when it is made.  A key has scopes and
 * may expire or be revoked.
 */
#ifndef PARLEY_MODEL_KEY_H
#define PARLEY_MODEL_KEY_H

#include "base/base.h"
#include "base/id.h"
#include "base/names.h"
#include "base/secret.h"

struct arena;
struct schema;

/* What a key may do; a set is a mask of 1 << scope. */
enum scope {
	SCOPE_AGENTS_READ,
	SCOPE_AGENTS_MANAGE,
	SCOPE_CONVERSATIONS_READ,
	SCOPE_CONVERSATIONS_READ_SENSITIVE,
	SCOPE_CONVERSATIONS_MANAGE,
	SCOPE_CONVERSATIONS_DIAL,
	SCOPE_PHONE_NUMBERS_READ,
	SCOPE_PHONE_NUMBERS_MANAGE,
	SCOPE_PATHWAYS_READ,
	SCOPE_PATHWAYS_MANAGE,
	SCOPE_TOOLS_READ,
	SCOPE_TOOLS_MANAGE,
	SCOPE_WEBHOOKS_READ,
	SCOPE_WEBHOOKS_MANAGE,
	SCOPE_CARRIERS_READ,
	SCOPE_CARRIERS_MANAGE,
	SCOPE_KEYS_MANAGE,
	SCOPE_ADMIN, /* everything */
	SCOPE_N
};

#define SCOPE(name) (1u << SCOPE_##name)

extern const struct names scope_names;

struct key {
	struct id id;
	struct id account_id;
	const char *name;
	unsigned char digest[SECRET_DIGEST];
	const char *scopes; /* JSON array of texts */
	int64_t created_at;
	int64_t expires_at; /* 0: never */
	int64_t revoked_at; /* 0: not revoked */

	/* Of its account, where it was found for a request. */
	const char *account_name;
	/* The whole key, once, where it was just made. */
	const char *secret;
};

extern const struct schema key_schema;         /* what a list shows */
extern const struct schema key_created_schema; /* with the whole key */

/* Gives `key` an id and a digest, and the whole key as `secret`. */
void key_make(struct arena *arena, struct key *key);

/* Reads a credential: the key's id and the digest of its secret.
 * INVALID. */
enum outcome key_parse(const char *credential, struct id *id,
    unsigned char digest[SECRET_DIGEST]) MUSTCHECK;

/* The scopes in a JSON array of texts as a mask.  INVALID: one of them is
 * no scope, and it is in `unknown`; or so is all, where it is no array. */
enum outcome key_scopes(struct arena *arena, const char *json, unsigned *mask,
    const char **unknown) MUSTCHECK;

/* "conversations:read or conversations:manage", for messages. */
const char *key_scopes_text(struct arena *arena, unsigned mask);

/* May a key with the scopes `has` do what asks for any of `wants`?  Asking
 * for none is allowed to everybody. */
bool key_allows(unsigned has, unsigned wants);

#endif
