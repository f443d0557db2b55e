#include "base/base.h"

#include "model/secret.h"

#include "model/field.h"

#include <string.h>

#define NAME "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"

static bool is_short(const char *value);

static const struct text_rule name_rule = { secret_name_is_good,
	"1 to 64 of the letters A to Z, a to z, 0 to 9 and _" };
static const struct text_rule value_rule = { is_short,
	"at most 8192 bytes long" };

#define AT(member) FIELD_AT(struct secret, member)

/* clang-format off */
static const struct field fields[] = {
	{ "id", FIELD_ID, 0, AT(id) },
	{ "name", FIELD_TEXT, 0, AT(name) },
	{ "created_at", FIELD_WHEN, 0, AT(created_at) },
	{ "updated_at", FIELD_WHEN, 0, AT(updated_at) },
};

static const struct field request_fields[] = {
	{ "name", FIELD_TEXT, FIELD_REQUIRED, AT(name), .rule = &name_rule,
	    .about = "Of A to Z, a to z, 0 to 9 and _, at most 64; in tools"
	             " {{SECRET.name}}, in any case. One that is there gets"
	             " the new value." },
	{ "value", FIELD_TEXT, FIELD_REQUIRED | FIELD_WRITE_ONLY, AT(value),
	    1, .rule = &value_rule,
	    .about = "At most 8192 bytes. It is never shown." },
};
/* clang-format on */

const struct schema secret_schema = SCHEMA("Secret", fields, struct secret);
const struct schema secret_request_schema =
    SCHEMA("SecretRequest", request_fields, struct secret);

bool
secret_name_is_good(const char *name)
{
	size_t length = strspn(name, NAME);

	return length > 0 && length <= SECRET_NAME_MOST && name[length] == '\0';
}

static bool
is_short(const char *value)
{
	return strlen(value) <= SECRET_VALUE_MOST;
}
