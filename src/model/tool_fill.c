#include "base/base.h"

#include "model/tool_fill.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "model/template.h"

#include <json-c/json.h>
#include <string.h>

#define PLACE_MOST (TEMPLATE_PATH_MOST + 4)
#define SECRET_PREFIX "secret."
#define INPUT_PREFIX "input."
#define UNRESERVED                                                             \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"

static void
add(struct json_object *object, const char *name, struct json_object *value)
{
	(void)json_object_object_add(object, name, value);
}

void
tool_fill_complain(
    struct tool_filler *filler, const char *what, const char *place)
{
	if (filler->fault == NULL)
		filler->fault =
		    arena_format(filler->arena, "%s%s", what, place);
}

/* --- What a place becomes where it stands. */

void
tool_fill_encode(struct buf *buf, const char *text)
{
	for (; *text != '\0'; text++) {
		if (strchr(UNRESERVED, *text) != NULL)
			buf_add_char(buf, *text);
		else
			buf_add_format(buf, "%%%02X", (unsigned char)*text);
	}
}

void
tool_fill_line(struct buf *buf, const char *text)
{
	for (; *text != '\0'; text++)
		buf_add_char(buf, *text == '\r' || *text == '\n' ? ' ' : *text);
}

/* Within quotes the text of a string, else a value: what is one by itself
 * as it is, and anything else as a string. */
static void
add_json(struct arena *arena, struct buf *buf, const char *text, bool quoted)
{
	struct json_object *ignored;
	struct json_fault fault;
	const char *string =
	    json_text(arena, json_own(arena, json_string(text)));

	if (quoted)
		buf_add(buf, string + 1, strlen(string) - 2);
	else if (text[0] == '\0')
		buf_add_text(buf, "null");
	else if (json_parse(arena, text, strlen(text), &ignored, &fault) == OK)
		buf_add_text(buf, text);
	else
		buf_add_text(buf, string);
}

static void
add_value(struct tool_filler *filler, struct buf *buf, const char *value,
    enum tool_place where, bool quoted)
{
	switch (where) {
	case IN_TEXT:
		buf_add_text(buf, value);
		break;
	case IN_URL:
	case IN_FORM:
		tool_fill_encode(buf, value);
		break;
	case IN_HEADER:
		tool_fill_line(buf, value);
		break;
	case IN_JSON:
		add_json(filler->arena, buf, value, quoted);
		break;
	}
}

/* --- Places. */

/* The bytes of the place that begins here; 0: none does. */
static size_t
place_length(const char *text)
{
	const char *end = text_starts(text, "{{") ? strstr(text, "}}") : NULL;
	size_t length = end != NULL ? (size_t)(end + 2 - text) : 0;

	return length <= PLACE_MOST ? length : 0;
}

static const char *
path_of(struct arena *arena, const char *place)
{
	return text_trim(
	    arena, arena_copy(arena, place + 2, strlen(place) - 4));
}

static bool
begins(struct arena *arena, const char *place, const char *prefix)
{
	const char *path = path_of(arena, place);
	size_t length = strlen(prefix);

	return strlen(path) >= length &&
	       text_equal_nocase(arena_copy(arena, path, length), prefix);
}

/* What the definition does not find: a secret that is not there is a
 * mistake, an input that was not given is nothing, and anything else stays
 * as it is written. */
static void
fill_unknown(struct tool_filler *filler, struct buf *buf, const char *place,
    enum tool_place where, bool quoted)
{
	if (begins(filler->arena, place, INPUT_PREFIX)) {
		add_value(filler, buf, "", where, quoted);
		return;
	}
	if (filler->secrets != NULL &&
	    begins(filler->arena, place, SECRET_PREFIX))
		tool_fill_complain(filler,
		    "the tool is not set up: there is no secret ",
		    path_of(filler->arena, place));
	buf_add_text(buf, place);
}

/* A part of the path that is left out would make another path. */
static void
check_part(struct tool_filler *filler, const struct buf *buf, const char *place,
    const char *value)
{
	bool stays = text_equal(value, place);

	if (strchr(buf_text(buf), '?') != NULL ||
	    (stays && begins(filler->arena, place, SECRET_PREFIX)))
		return;
	if (value[0] == '\0' || stays)
		tool_fill_complain(filler,
		    "the tool's URL needs a value that is not"
		    " known: ",
		    path_of(filler->arena, place));
}

static void
fill_place(struct tool_filler *filler, struct buf *buf, const char *place,
    enum tool_place where, bool quoted)
{
	const char *value = template_fill(
	    filler->arena, place, filler->variables, filler->secrets);

	if (where == IN_URL)
		check_part(filler, buf, place, value);
	if (text_equal(value, place))
		fill_unknown(filler, buf, place, where, quoted);
	else
		add_value(filler, buf, value, where, quoted);
}

/* Of a string in JSON, does a quote that is not escaped stand here? */
static bool
is_quote(const char *text, const char *at)
{
	size_t escapes = 0;

	while (at - escapes > text && at[-(ptrdiff_t)escapes - 1] == '\\')
		escapes++;
	return *at == '"' && escapes % 2 == 0;
}

const char *
tool_fill_text(struct tool_filler *filler, const char *text,
    enum tool_place where, size_t most)
{
	const char *at = text;
	bool quoted = false;
	struct buf buf;
	size_t length;

	buf_init(&buf, filler->arena, most);
	while (*at != '\0') {
		length = place_length(at);
		if (length > 0) {
			fill_place(filler, &buf,
			    arena_copy(filler->arena, at, length), where,
			    quoted);
			at += length;
			continue;
		}
		if (where == IN_JSON && is_quote(text, at))
			quoted = !quoted;
		buf_add_char(&buf, *at++);
	}
	if (!buf_ok(&buf))
		tool_fill_complain(
		    filler, "the values are too long for the tool", "");
	return buf_text(&buf);
}

/* --- JSON. */

/* The value of a string that is nothing but a place, as it is. */
static bool
take_whole(
    struct tool_filler *filler, const char *text, struct json_object **value)
{
	struct arena *arena = filler->arena;
	size_t length = place_length(text);

	if (length == 0 || text[length] != '\0' ||
	    begins(arena, text, SECRET_PREFIX))
		return false;
	*value = NULL;
	return template_find(filler->variables, path_of(arena, text), value) ==
		   OK ||
	       begins(arena, text, INPUT_PREFIX);
}

struct json_object *
tool_fill_tree(struct tool_filler *filler, struct json_object *tree)
{
	struct json_object *filled, *value;
	const char *text;
	size_t i;

	if (json_object_is_type(tree, json_type_object)) {
		filled = json_object_new_object();
		json_object_object_foreach(tree, name, member)
		{
			value = tool_fill_tree(filler, member);
			/* A place without a value; a null that was written
			 * stays. */
			if (value != NULL || member == NULL)
				add(filled, name, value);
		}
		return filled;
	}
	if (json_object_is_type(tree, json_type_array)) {
		filled = json_object_new_array();
		for (i = 0; i < json_object_array_length(tree); i++)
			(void)json_object_array_add(
			    filled, tool_fill_tree(filler,
					json_object_array_get_idx(tree, i)));
		return filled;
	}
	if (!json_object_is_type(tree, json_type_string))
		return json_object_get(tree);
	text = json_object_get_string(tree);
	if (take_whole(filler, text, &value))
		return json_object_get(value);
	return json_string(
	    tool_fill_text(filler, text, IN_TEXT, TOOL_FILL_MOST));
}
