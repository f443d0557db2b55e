#include "base/base.h"

#include "model/key.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "model/field.h"

#include <json-c/json.h>
#include <string.h>

#define PREFIX "pk_"
#define ID_DIGITS (2 * ID_BYTES)
#define SECRET_BYTES 32
#define SECRET_DIGITS (2 * SECRET_BYTES)
#define LIST_MOST 2048

/* clang-format off */
static const char *const scope_words[] = {
	[SCOPE_AGENTS_READ]                  = "agents:read",
	[SCOPE_AGENTS_MANAGE]                = "agents:manage",
	[SCOPE_CONVERSATIONS_READ]           = "conversations:read",
	[SCOPE_CONVERSATIONS_READ_SENSITIVE] = "conversations:read_sensitive",
	[SCOPE_CONVERSATIONS_MANAGE]         = "conversations:manage",
	[SCOPE_CONVERSATIONS_DIAL]           = "conversations:dial",
	[SCOPE_PHONE_NUMBERS_READ]           = "phone_numbers:read",
	[SCOPE_PHONE_NUMBERS_MANAGE]         = "phone_numbers:manage",
	[SCOPE_PATHWAYS_READ]                = "pathways:read",
	[SCOPE_PATHWAYS_MANAGE]              = "pathways:manage",
	[SCOPE_TOOLS_READ]                   = "tools:read",
	[SCOPE_TOOLS_MANAGE]                 = "tools:manage",
	[SCOPE_WEBHOOKS_READ]                = "webhooks:read",
	[SCOPE_WEBHOOKS_MANAGE]              = "webhooks:manage",
	[SCOPE_CARRIERS_READ]                = "carriers:read",
	[SCOPE_CARRIERS_MANAGE]              = "carriers:manage",
	[SCOPE_KEYS_MANAGE]                  = "keys:manage",
	[SCOPE_ADMIN]                        = "admin",
};
static_assert(COUNT(scope_words) == SCOPE_N, "a word for every scope");

#define KEY_FIELDS                                                        \
	{ "id", FIELD_ID, 0, FIELD_AT(struct key, id) },                  \
	{ "name", FIELD_TEXT, 0, FIELD_AT(struct key, name) },            \
	{ "scopes", FIELD_TEXTS, 0, FIELD_AT(struct key, scopes) },       \
	{ "created_at", FIELD_WHEN, 0, FIELD_AT(struct key, created_at) },\
	{ "expires_at", FIELD_WHEN, FIELD_NULLABLE,                       \
	    FIELD_AT(struct key, expires_at) },                           \
	{ "revoked_at", FIELD_WHEN, FIELD_NULLABLE,                       \
	    FIELD_AT(struct key, revoked_at) }

static const struct field key_fields[] = { KEY_FIELDS };

static const struct field key_created_fields[] = {
	KEY_FIELDS,
	{ "key", FIELD_TEXT, 0, FIELD_AT(struct key, secret),
	    .about = "The whole key. It is shown this once." },
};
/* clang-format on */

const struct names scope_names = NAMES(scope_words);
const struct schema key_schema = SCHEMA("Key", key_fields, struct key);
const struct schema key_created_schema =
    SCHEMA("KeyCreated", key_created_fields, struct key);

void
key_make(struct arena *arena, struct key *key)
{
	unsigned char secret[SECRET_BYTES];

	key->id = id_new();
	secret_random(secret, sizeof(secret));
	secret_digest(secret, sizeof(secret), key->digest);
	key->secret = arena_format(arena, PREFIX "%s_%s",
	    secret_hex(arena, key->id.bytes, ID_BYTES),
	    secret_hex(arena, secret, sizeof(secret)));
	secret_wipe(secret, sizeof(secret));
}

enum outcome
key_parse(
    const char *credential, struct id *id, unsigned char digest[SECRET_DIGEST])
{
	unsigned char secret[SECRET_BYTES];
	char digits[ID_DIGITS + 1] = { 0 };
	const char *text = credential;
	struct id found;

	if (strlen(text) != strlen(PREFIX) + ID_DIGITS + 1 + SECRET_DIGITS ||
	    !text_starts(text, PREFIX))
		return INVALID;
	text += strlen(PREFIX);
	(void)memcpy(digits, text, ID_DIGITS);
	if (text[ID_DIGITS] != '_' || id_parse(digits, &found) != OK ||
	    secret_unhex(text + ID_DIGITS + 1, secret, sizeof(secret)) != OK)
		return INVALID;
	secret_digest(secret, sizeof(secret), digest);
	secret_wipe(secret, sizeof(secret));
	*id = found;
	return OK;
}

enum outcome
key_scopes(
    struct arena *arena, const char *json, unsigned *mask, const char **unknown)
{
	struct json_object *list, *item;
	struct json_fault fault;
	const char *word;
	unsigned found = 0;
	size_t i;
	int scope;

	if (json_parse(arena, json, strlen(json), &list, &fault) != OK ||
	    !json_object_is_type(list, json_type_array)) {
		*unknown = json;
		return INVALID;
	}
	for (i = 0; i < json_object_array_length(list); i++) {
		item = json_object_array_get_idx(list, i);
		word = json_object_is_type(item, json_type_string)
			   ? json_object_get_string(item)
			   : json_text(arena, item);
		if (names_find(&scope_names, word, &scope) != OK) {
			*unknown = word;
			return INVALID;
		}
		found |= 1u << scope;
	}
	*mask = found;
	return OK;
}

const char *
key_scopes_text(struct arena *arena, unsigned mask)
{
	struct buf buf;
	int scope;

	buf_init(&buf, arena, LIST_MOST);
	for (scope = 0; scope < SCOPE_N; scope++) {
		if ((mask & 1u << scope) == 0)
			continue;
		buf_add_text(&buf, buf.length > 0 ? " or " : "");
		buf_add_text(&buf, names_text(&scope_names, scope));
	}
	return buf_text(&buf);
}

bool
key_allows(unsigned has, unsigned wants)
{
	return wants == 0 || (has & (wants | SCOPE(ADMIN))) != 0;
}
