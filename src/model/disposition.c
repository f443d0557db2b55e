#include "base/base.h"

#include "model/disposition.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/text.h"
#include "model/condition.h"
#include "model/reason.h"
#include "model/strict.h"

#include <json-c/json.h>
#include <string.h>

#define NAME_MOST 255
#define FIELD_NAME_MOST 64
#define TEXT_MOST 20000 /* characters of a description */
#define FIELDS_MOST 100
#define TAG_MOST 4096 /* bytes of JSON */
#define INSTRUCTIONS_MOST (4 << 20)

struct tag {
	const char *name;
	const char *color;
	struct condition condition;
};

static bool is_color(const char *text);

static const char *const type_words[] = {
	[DISPOSITION_BOOLEAN] = "boolean",
	[DISPOSITION_STRING] = "string",
	[DISPOSITION_NUMBER] = "number",
};
static_assert(COUNT(type_words) == DISPOSITION_TYPE_N, "a word for every type");

const struct names disposition_type_names = NAMES(type_words);

static const struct text_rule color_rule = { is_color,
	"a color such as #0a0 or #00aa00" };

#define AT(member) FIELD_AT(struct disposition, member)
#define FIELD_PART(member) FIELD_AT(struct disposition_field, member)
#define TAG_AT(member) FIELD_AT(struct tag, member)

/* clang-format off */
static const struct field field_fields[] = {
	{ "name", FIELD_TEXT, FIELD_REQUIRED | FIELD_NOT_BLANK,
	    FIELD_PART(name), 1, FIELD_NAME_MOST },
	{ "type", FIELD_NAME, FIELD_REQUIRED, FIELD_PART(type),
	    .names = &disposition_type_names },
	{ "description", FIELD_TEXT, FIELD_NULLABLE, FIELD_PART(description),
	    0, TEXT_MOST, .about = "What the model is told of it." },
};

static const struct schema field_schema =
    SCHEMA("OutcomeField", field_fields, struct disposition_field);

static const struct field tag_fields[] = {
	{ "name", FIELD_TEXT, FIELD_REQUIRED | FIELD_NOT_BLANK, TAG_AT(name),
	    1, NAME_MOST },
	{ "color", FIELD_TEXT, FIELD_NULLABLE, TAG_AT(color),
	    .rule = &color_rule },
	{ "condition", FIELD_STRUCT, FIELD_NULLABLE, TAG_AT(condition),
	    .schema = &condition_schema },
};

static const struct schema tag_schema =
    SCHEMA("OutcomeTag", tag_fields, struct tag);

#define DEFINITION_FIELDS(required)                                       \
	{ "name", FIELD_TEXT, (required) | FIELD_NOT_BLANK, AT(name),     \
	    1, NAME_MOST },                                               \
	{ "description", FIELD_TEXT, FIELD_NULLABLE, AT(description),     \
	    0, TEXT_MOST, .about = "What the model is to judge." },       \
	{ "fields", FIELD_LIST, (required), AT(fields),                   \
	    1, FIELDS_MOST, .schema = &field_schema,                      \
	    .about = "What it finds out." },                              \
	{ "tag", FIELD_OBJECT, FIELD_NULLABLE, AT(tag), .most = TAG_MOST, \
	    .about = "name, color and condition (variable, operator,"     \
	             " value): the conversation's disposition_tag, where" \
	             " the condition holds for the result." }

static const struct field fields[] = {
	{ "id", FIELD_TEXT, FIELD_READ_ONLY, AT(id) },
	DEFINITION_FIELDS(FIELD_REQUIRED),
	{ "version", FIELD_INTEGER, FIELD_READ_ONLY, AT(version),
	    .about = "Counted from 1; results name it as snippet_version." },
	{ "created_at", FIELD_WHEN, FIELD_READ_ONLY, AT(created_at) },
	{ "updated_at", FIELD_WHEN, FIELD_READ_ONLY, AT(updated_at),
	    .about = "When this version was made." },
};

static const struct field document_fields[] = {
	DEFINITION_FIELDS(FIELD_REQUIRED)
};

static const struct field patch_fields[] = { DEFINITION_FIELDS(0) };
/* clang-format on */

const struct schema disposition_schema =
    SCHEMA("Outcome", fields, struct disposition);
const struct schema disposition_patch_schema =
    SCHEMA("OutcomePatch", patch_fields, struct disposition);
static const struct schema document_schema =
    SCHEMA("OutcomeDocument", document_fields, struct disposition);

static bool
is_color(const char *text)
{
	size_t length = strlen(text);

	return (length == 4 || length == 7) && text[0] == '#' &&
	       strspn(text + 1, "0123456789abcdefABCDEF") == length - 1;
}

static const struct disposition_field *
find_field(const struct disposition *disposition, const char *name)
{
	const struct disposition_field *list = disposition->fields.items;
	size_t i;

	for (i = 0; i < disposition->fields.count; i++)
		if (text_equal(list[i].name, name))
			return &list[i];
	return NULL;
}

/* The tag's text is an object: that was read. */
static enum outcome
read_tag(struct arena *arena, const char *text, struct faults *faults,
    struct tag *tag)
{
	struct reader reader = { .arena = arena, .faults = faults };
	struct json_object *document;
	struct json_fault ignored;

	*tag = (struct tag){ .name = NULL };
	if (text == NULL)
		return OK;
	if (json_parse(arena, text, strlen(text), &document, &ignored) != OK)
		return INVALID;
	return field_read(&reader, &tag_schema, document, "/tag", tag);
}

enum outcome
disposition_check(struct arena *arena, const struct disposition *disposition,
    struct faults *faults)
{
	const struct disposition_field *list = disposition->fields.items;
	struct tag tag;
	size_t i;
	enum outcome rc = read_tag(arena, disposition->tag, faults, &tag);

	for (i = 0; i < disposition->fields.count; i++)
		if (find_field(disposition, list[i].name) != &list[i])
			rc = fault_add(faults, &reasons[INVALID_PARAMETER],
			    arena_format(arena, "/fields/%zu/name", i),
			    "another field is called %s", list[i].name);
	if (rc == OK && tag.condition.variable != NULL &&
	    find_field(disposition, tag.condition.variable) == NULL)
		rc = fault_add(faults, &reasons[INVALID_PARAMETER],
		    "/tag/condition/variable", "there is no field %s",
		    tag.condition.variable);
	return rc;
}

const char *
disposition_write(struct arena *arena, const struct disposition *disposition)
{
	return field_write_text(arena, &document_schema, disposition);
}

enum outcome
disposition_read(
    struct arena *arena, const char *text, struct disposition *disposition)
{
	return field_read_text(arena, &document_schema, text, disposition);
}

const char *
disposition_instructions(
    struct arena *arena, const struct disposition *disposition)
{
	const struct disposition_field *list = disposition->fields.items;
	struct buf buf;
	size_t i;

	buf_init(&buf, arena, INSTRUCTIONS_MOST);
	buf_add_format(&buf,
	    "Judge the conversation: fill in the fields below from what was"
	    " said. Take null where it does not say.\n\nOutcome: %s\n",
	    disposition->name);
	if (disposition->description != NULL)
		buf_add_format(&buf, "%s\n", disposition->description);
	buf_add_text(&buf, "\nFields:\n");
	for (i = 0; i < disposition->fields.count; i++)
		buf_add_format(&buf, "- %s (%s)%s%s\n", list[i].name,
		    type_words[list[i].type],
		    list[i].description != NULL ? ": " : "",
		    list[i].description != NULL ? list[i].description : "");
	return buf_text(&buf);
}

const char *
disposition_answer_schema(
    struct arena *arena, const struct disposition *disposition)
{
	const struct disposition_field *list = disposition->fields.items;
	struct json_object *schema = json_own(arena, strict_object());
	size_t i;

	for (i = 0; i < disposition->fields.count; i++)
		strict_add(schema, list[i].name,
		    strict_value(type_words[list[i].type], true, NULL));
	return json_text(arena, schema);
}

const char *
disposition_tag(struct arena *arena, const struct disposition *disposition,
    const char *result)
{
	struct faults faults;
	struct json_object *values;
	struct json_fault ignored;
	struct tag tag;

	faults_init(&faults, arena);
	if (read_tag(arena, disposition->tag, &faults, &tag) != OK ||
	    json_parse(arena, result, strlen(result), &values, &ignored) != OK)
		return NULL;
	return condition_holds(&tag.condition, values) ? tag.name : NULL;
}
