/*
 * A tree grows from libyaml's events, each of which is given back before the
 * next one is asked for.  Depth is bounded, so it may recurse.
 */
#include "base/base.h"

#include "command/yaml.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define NUMBER_MOST 64 /* bytes; whatever is longer is a string */

/* What an alias stands for. */
struct anchor {
	const char *name;
	struct json_object *value; /* NULL: null, or it is still being read */
	size_t nodes;              /* 0: it is still being read */
	int depth;                 /* of arrays and objects within */
};

struct yaml {
	struct arena *arena;
	struct yaml_fault *fault;
	yaml_parser_t parser;
	yaml_event_t event;
	bool has_event;
	size_t nodes;
	struct anchor *anchors;
	size_t anchors_count;
};

/* What was read: how deep it is beside what it is. */
struct value {
	struct json_object *object;
	int depth;
};

static enum outcome read_value(
    struct yaml *yaml, int depth, struct value *value);

static enum outcome
refuse(struct yaml *yaml, const char *what)
{
	yaml->fault->line = yaml->event.start_mark.line + 1;
	yaml->fault->column = yaml->event.start_mark.column + 1;
	yaml->fault->what = what;
	return INVALID;
}

static enum outcome
next(struct yaml *yaml)
{
	yaml_parser_t *parser = &yaml->parser;

	if (yaml->has_event)
		yaml_event_delete(&yaml->event);
	yaml->has_event = false;
	if (yaml_parser_parse(parser, &yaml->event)) {
		yaml->has_event = true;
		return OK;
	}
	yaml->fault->line = parser->problem_mark.line + 1;
	yaml->fault->column = parser->problem_mark.column + 1;
	yaml->fault->what = arena_format(yaml->arena, "%s",
	    parser->problem != NULL ? parser->problem : "it cannot be read");
	return INVALID;
}

/* --- Scalars. */

static bool
is_one_of(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(text, *words) == 0)
			return true;
	return false;
}

/* [-+]?[0-9]+ alone; a number of JSON or of YAML otherwise, such as .5 or
 * +1e3.  Hexadecimal ones, infinities and what is no number are not. */
static bool
is_number(const char *text, bool *is_whole)
{
	size_t digits, length;

	text += strspn(text, "+-") == 1 ? 1 : 0;
	digits = strspn(text, "0123456789");
	length = strspn(text, "0123456789.eE+-");
	*is_whole = text[digits] == '\0';
	return length < NUMBER_MOST && text[length] == '\0' &&
	       (digits > 0 ||
		   (text[0] == '.' && text[1] >= '0' && text[1] <= '9'));
}

static struct json_object *
plain(const char *text)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL",
		NULL };
	static const char *const trues[] = { "true", "True", "TRUE", NULL };
	static const char *const falses[] = { "false", "False", "FALSE", NULL };
	bool is_whole;
	double number;
	int64_t whole;
	char *end;

	if (is_one_of(text, nulls))
		return NULL;
	if (is_one_of(text, trues) || is_one_of(text, falses))
		return json_object_new_boolean(is_one_of(text, trues));
	if (!is_number(text, &is_whole))
		return json_string(text);
	errno = 0;
	whole = is_whole ? strtoll(text, NULL, 10) : 0;
	if (is_whole && errno == 0)
		return json_object_new_int64(whole);
	number = strtod(text, &end);
	return *end == '\0' && number - number == 0 ? json_number(number)
						    : json_string(text);
}

static enum outcome
check_text(struct yaml *yaml, const char **text)
{
	size_t length = yaml->event.data.scalar.length;

	*text = (const char *)yaml->event.data.scalar.value;
	if (!text_is_clean(*text, length))
		return refuse(yaml, "a text has a control character in it");
	return OK;
}

static enum outcome
read_scalar(struct yaml *yaml, struct value *value)
{
	const char *tag = (const char *)yaml->event.data.scalar.tag;
	const char *text;
	enum outcome rc = check_text(yaml, &text);

	if (rc != OK)
		return rc;
	if (tag != NULL && strcmp(tag, YAML_STR_TAG) != 0 &&
	    strcmp(tag, "!") != 0)
		return refuse(yaml, "a tag but !!str is not allowed");
	value->object = tag == NULL && yaml->event.data.scalar.style ==
					   YAML_PLAIN_SCALAR_STYLE
			    ? plain(text)
			    : json_string(text);
	return OK;
}

/* --- Anchors. */

static struct anchor *
find_anchor(struct yaml *yaml, const char *name)
{
	size_t i;

	/* The last of a name is the one that is meant. */
	for (i = yaml->anchors_count; i > 0; i--)
		if (strcmp(yaml->anchors[i - 1].name, name) == 0)
			return &yaml->anchors[i - 1];
	return NULL;
}

/* Only arrays and objects and scalars have one. */
static enum outcome
begin_anchor(struct yaml *yaml, struct anchor **anchor)
{
	const yaml_event_t *event = &yaml->event;
	const yaml_char_t *name = event->type == YAML_SCALAR_EVENT
				      ? event->data.scalar.anchor
				  : event->type == YAML_SEQUENCE_START_EVENT
				      ? event->data.sequence_start.anchor
				      : event->data.mapping_start.anchor;

	*anchor = NULL;
	if (name == NULL)
		return OK;
	if (yaml->anchors_count == YAML_ANCHORS)
		return refuse(yaml, "there are too many anchors");
	*anchor = &yaml->anchors[yaml->anchors_count++];
	(*anchor)->name = arena_format(yaml->arena, "%s", (const char *)name);
	(*anchor)->nodes = 0;
	return OK;
}

static enum outcome
read_alias(struct yaml *yaml, int depth, struct value *value)
{
	const struct anchor *anchor =
	    find_anchor(yaml, (const char *)yaml->event.data.alias.anchor);

	if (anchor == NULL || anchor->nodes == 0)
		return refuse(yaml, "an alias names nothing before it");
	yaml->nodes += anchor->nodes;
	if (yaml->nodes > YAML_NODES)
		return refuse(yaml, "it is too much");
	if (depth + anchor->depth > JSON_DEPTH)
		return refuse(yaml, "it is too deep");
	value->object = json_object_get(anchor->value);
	value->depth = anchor->depth;
	return OK;
}

/* --- Arrays and objects; `value->object` is theirs, whatever happens. */

static enum outcome
read_items(struct yaml *yaml, int depth, struct value *value)
{
	struct value item;
	enum outcome rc;

	value->object = json_object_new_array();
	while ((rc = next(yaml)) == OK &&
	       yaml->event.type != YAML_SEQUENCE_END_EVENT) {
		rc = read_value(yaml, depth, &item);
		if (rc != OK)
			return rc;
		(void)json_object_array_add(value->object, item.object);
		if (item.depth > value->depth)
			value->depth = item.depth;
	}
	value->depth++;
	return rc;
}

static enum outcome
read_name(struct yaml *yaml, const struct value *value, const char **name)
{
	const char *text;

	if (yaml->event.type != YAML_SCALAR_EVENT)
		return refuse(yaml, "a name must be a text");
	if (check_text(yaml, &text) != OK)
		return INVALID;
	if (json_object_object_get_ex(value->object, text, NULL))
		return refuse(yaml, "a name is repeated");
	*name = arena_format(yaml->arena, "%s", text);
	return OK;
}

static enum outcome
read_members(struct yaml *yaml, int depth, struct value *value)
{
	struct value member;
	const char *name;
	enum outcome rc;

	value->object = json_object_new_object();
	while ((rc = next(yaml)) == OK &&
	       yaml->event.type != YAML_MAPPING_END_EVENT) {
		rc = read_name(yaml, value, &name);
		if (rc == OK)
			rc = next(yaml);
		if (rc == OK)
			rc = read_value(yaml, depth, &member);
		if (rc != OK)
			return rc;
		(void)json_object_object_add(
		    value->object, name, member.object);
		if (member.depth > value->depth)
			value->depth = member.depth;
	}
	value->depth++;
	return rc;
}

static bool
has_tag(const yaml_event_t *event)
{
	if (event->type == YAML_SEQUENCE_START_EVENT)
		return event->data.sequence_start.tag != NULL;
	return event->type == YAML_MAPPING_START_EVENT &&
	       event->data.mapping_start.tag != NULL;
}

/* What the event at hand begins; `depth` is how deep it lies. */
static enum outcome
read_value(struct yaml *yaml, int depth, struct value *value)
{
	size_t before = yaml->nodes;
	struct anchor *anchor;
	enum outcome rc;

	*value = (struct value){ NULL, 0 };
	if (yaml->event.type == YAML_ALIAS_EVENT)
		return read_alias(yaml, depth, value);
	if (++yaml->nodes > YAML_NODES)
		return refuse(yaml, "it is too much");
	if (has_tag(&yaml->event))
		return refuse(yaml, "a tag but !!str is not allowed");
	rc = begin_anchor(yaml, &anchor);
	if (rc != OK)
		return rc;
	if (yaml->event.type == YAML_SCALAR_EVENT)
		rc = read_scalar(yaml, value);
	else if (depth == JSON_DEPTH)
		return refuse(yaml, "it is too deep");
	else if (yaml->event.type == YAML_SEQUENCE_START_EVENT)
		rc = read_items(yaml, depth + 1, value);
	else
		rc = read_members(yaml, depth + 1, value);
	if (rc != OK) {
		(void)json_object_put(value->object);
		value->object = NULL;
	} else if (anchor != NULL) {
		anchor->value = value->object;
		anchor->nodes = yaml->nodes - before;
		anchor->depth = value->depth;
	}
	return rc;
}

/* The one document; nothing at all is null. */
static enum outcome
read_document(struct yaml *yaml, struct value *value)
{
	enum outcome rc = next(yaml); /* the stream begins */

	if (rc == OK)
		rc = next(yaml);
	if (rc != OK || yaml->event.type == YAML_STREAM_END_EVENT)
		return rc;
	rc = next(yaml);
	if (rc == OK)
		rc = read_value(yaml, 0, value);
	if (rc == OK)
		rc = next(yaml); /* the document ends */
	if (rc == OK)
		rc = next(yaml);
	if (rc == OK && yaml->event.type != YAML_STREAM_END_EVENT)
		rc = refuse(yaml, "there is a second document");
	return rc;
}

enum outcome
yaml_parse(struct arena *arena, const char *bytes, size_t length,
    struct json_object **document, struct yaml_fault *fault)
{
	struct yaml yaml = {
		.arena = arena,
		.fault = fault,
		.anchors =
		    arena_alloc(arena, YAML_ANCHORS * sizeof(struct anchor)),
	};
	struct value value = { NULL, 0 };
	enum outcome rc;

	if (!yaml_parser_initialize(&yaml.parser)) {
		*fault = (struct yaml_fault){ 1, 1, "there is no memory" };
		return INVALID;
	}
	yaml_parser_set_encoding(&yaml.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
	    &yaml.parser, (const unsigned char *)bytes, length);
	rc = read_document(&yaml, &value);
	if (yaml.has_event)
		yaml_event_delete(&yaml.event);
	yaml_parser_delete(&yaml.parser);
	if (rc == OK)
		*document = json_own(arena, value.object);
	else
		(void)json_object_put(value.object);
	return rc;
}
