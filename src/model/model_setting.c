#include "base/base.h"

#include "model/model_setting.h"

#include "base/fault.h"
#include "model/field.h"
#include "model/reason.h"

#include <string.h>

static const char *const source_words[] = {
	[MODEL_NONE] = "none",
	[MODEL_ACCOUNT] = "account",
	[MODEL_DEPLOYMENT] = "deployment",
};
static_assert(COUNT(source_words) == MODEL_SOURCE_N, "a word for every source");

const struct names model_source_names = NAMES(source_words);

/* What a header can carry as one word. */
static bool
is_word(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text <= ' ' || *text > '~')
			return false;
	return true;
}

static const struct text_rule key_rule = {
	is_word,
	"letters, digits and signs of ASCII, without white space",
};

#define AT(member) FIELD_AT(struct model_setting, member)

/* clang-format off */
static const struct field request_fields[] = {
	{ "url", FIELD_URL, FIELD_REQUIRED, AT(url),
	    .about = "A server that speaks OpenAI's chat completions:"
	             " https://HOST/v1." },
	{ "model", FIELD_TEXT, FIELD_REQUIRED | FIELD_NOT_BLANK, AT(model),
	    1, 255, .about = "The model's name there." },
	{ "key", FIELD_TEXT,
	    FIELD_NULLABLE | FIELD_NOT_BLANK | FIELD_WRITE_ONLY, AT(key),
	    1, 1024, .rule = &key_rule,
	    .about = "Never shown again. Left out, the one that is there"
	             " stays; null: it needs none." },
};

static const struct field answer_fields[] = {
	{ "source", FIELD_NAME, 0, AT(source), .names = &model_source_names,
	    .about = "Who chose it." },
	{ "url", FIELD_TEXT, FIELD_NULLABLE, AT(url),
	    .about = "null, unless the account chose it." },
	{ "model", FIELD_TEXT, FIELD_NULLABLE, AT(model) },
	{ "has_key", FIELD_BOOLEAN, 0, AT(has_key),
	    .about = "Has the account given a key?" },
	{ "updated_at", FIELD_WHEN, FIELD_NULLABLE, AT(updated_at) },
};
/* clang-format on */

const struct schema model_setting_request_schema =
    SCHEMA("ModelRequest", request_fields, struct model_setting);
const struct schema model_setting_schema =
    SCHEMA("Model", answer_fields, struct model_setting);

enum outcome
model_setting_check(const struct model_setting *setting, struct faults *faults)
{
	if (strpbrk(setting->url, "?#") == NULL)
		return OK;
	return fault_add(faults, &reasons[INVALID_PARAMETER], "/url",
	    "url must be without ? and #: a path is put behind it");
}
