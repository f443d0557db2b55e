/*
 * RFC 8259, read byte by byte, before json-c sees anything.
 *
 * A small machine: each state has a function in `steps`, which reads what
 * may stand there and sets the next state.  Nesting is a stack of
 * JSON_DEPTH levels, so no input makes the program's own stack grow.
 *
 * Names are kept, unescaped, until their object closes; then they are
 * sorted, and equal ones lie side by side.  A hash table would be quadratic
 * for whoever finds names that collide.
 */
#include "base/base.h"

#include "base/json.h"

#include "base/arena.h"
#include "base/json_scan.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_OF(number) #number
#define DIGITS_OF(number) TEXT_OF(number)

#define NAMES_FIRST 32 /* room for so many names at first */

enum state { VALUE, FIRST_ITEM, FIRST_NAME, NAME, AFTER, END };

struct name {
	const char *text; /* unescaped */
	size_t length;
	const char *at; /* its opening quote */
};

struct level {
	bool is_object;
	size_t first; /* of its names */
};

struct check {
	struct json_scan scan;
	enum state state;
	const char *start;
	size_t depth;
	struct level levels[JSON_DEPTH];
	struct name *names; /* of the objects that are open */
	size_t count, room;
	char *store; /* as long as the document: all names fit */
};

static enum outcome step_value(struct check *check) MUSTCHECK;
static enum outcome step_first_item(struct check *check) MUSTCHECK;
static enum outcome step_first_name(struct check *check) MUSTCHECK;
static enum outcome step_name(struct check *check) MUSTCHECK;
static enum outcome step_after(struct check *check) MUSTCHECK;
static enum outcome open_level(struct check *check) MUSTCHECK;
static enum outcome close_level(struct check *check) MUSTCHECK;
static enum outcome check_names(struct check *check, size_t first) MUSTCHECK;

static enum outcome (*const steps[])(struct check *) = {
	[VALUE] = step_value,
	[FIRST_ITEM] = step_first_item,
	[FIRST_NAME] = step_first_name,
	[NAME] = step_name,
	[AFTER] = step_after,
};

static_assert(COUNT(steps) == END, "a function for each state");

static enum outcome
check_text(struct check *check, size_t length)
{
	static const char mark[] = { '\xef', '\xbb', '\xbf' };
	struct json_scan *scan = &check->scan;
	enum outcome rc = OK;

	if (length >= sizeof(mark) &&
	    memcmp(check->start, mark, sizeof(mark)) == 0)
		return json_scan_refuse(scan, check->start,
		    "a byte order mark is not part of JSON");
	json_scan_space(scan);
	if (scan->at == scan->end) {
		scan->bad = check->start;
		scan->what = "the text is empty";
		return INVALID;
	}
	while (rc == OK && check->state != END) {
		json_scan_space(scan);
		rc = steps[check->state](check);
	}
	return rc;
}

/* Whatever stands before `bad` was found to be UTF-8. */
static void
locate(const struct check *check, struct json_fault *fault)
{
	const char *at;

	fault->line = 1;
	fault->column = 1;
	fault->what = check->scan.what;
	for (at = check->start; at < check->scan.bad; at++) {
		if (*at == '\n') {
			fault->line++;
			fault->column = 1;
		} else if (((unsigned char)*at & 0xc0) != 0x80) {
			fault->column++;
		}
	}
}

enum outcome
json_check(const char *bytes, size_t length, struct json_fault *fault)
{
	struct check check = { .state = VALUE };
	struct arena *arena = arena_new();
	enum outcome rc;

	check.start = length > 0 ? bytes : "";
	check.store = arena_alloc(arena, length + 1);
	check.scan.at = check.start;
	check.scan.end = check.start + length;
	check.scan.arena = arena;
	rc = check_text(&check, length);
	if (rc)
		locate(&check, fault);
	arena_free(arena);
	return rc;
}

static enum outcome
step_value(struct check *check)
{
	int c = json_scan_peek(&check->scan);

	check->state = AFTER;
	if (c == '{' || c == '[')
		return open_level(check);
	if (c == '"')
		return json_scan_string(&check->scan);
	if (c == '-' || (c >= '0' && c <= '9'))
		return json_scan_number(&check->scan);
	return json_scan_word(&check->scan);
}

static enum outcome
step_first_item(struct check *check)
{
	if (json_scan_peek(&check->scan) == ']')
		return close_level(check);
	return step_value(check);
}

static enum outcome
step_first_name(struct check *check)
{
	if (json_scan_peek(&check->scan) == '}')
		return close_level(check);
	return step_name(check);
}

static void
make_room(struct check *check)
{
	size_t room = check->room > 0 ? 2 * check->room : NAMES_FIRST;
	struct name *names;

	names = arena_alloc(check->scan.arena, room * sizeof(*names));
	if (check->count > 0)
		memcpy(names, check->names, check->count * sizeof(*names));
	check->names = names;
	check->room = room;
}

static enum outcome
read_name(struct check *check)
{
	struct name name = { .text = check->store, .at = check->scan.at };
	enum outcome rc;

	check->scan.copy = check->store;
	rc = json_scan_string(&check->scan);
	if (rc)
		return rc;
	name.length = (size_t)(check->scan.copy - check->store);
	check->store = check->scan.copy;
	check->scan.copy = NULL;
	if (check->count == check->room)
		make_room(check);
	check->names[check->count++] = name;
	return OK;
}

static enum outcome
step_name(struct check *check)
{
	struct json_scan *scan = &check->scan;
	enum outcome rc;

	if (json_scan_peek(scan) == '}')
		return json_scan_refuse(
		    scan, scan->at, "a comma stands before this bracket");
	if (json_scan_peek(scan) != '"')
		return json_scan_refuse_here(
		    scan, "a name in double quotes was expected here");
	rc = read_name(check);
	if (rc)
		return rc;
	json_scan_space(scan);
	if (json_scan_peek(scan) != ':')
		return json_scan_refuse_here(scan, "a colon was expected here");
	scan->at++;
	check->state = VALUE;
	return OK;
}

static enum outcome
step_end(struct check *check)
{
	check->state = END;
	if (json_scan_peek(&check->scan) == -1)
		return OK;
	return json_scan_refuse_here(
	    &check->scan, "nothing may follow the value");
}

static enum outcome
step_after(struct check *check)
{
	int c = json_scan_peek(&check->scan);
	bool is_object;

	if (check->depth == 0)
		return step_end(check);
	is_object = check->levels[check->depth - 1].is_object;
	if (c == (is_object ? '}' : ']'))
		return close_level(check);
	if (c != ',')
		return json_scan_refuse_here(
		    &check->scan, is_object ? "a comma or } was expected here"
					    : "a comma or ] was expected here");
	check->scan.at++;
	check->state = is_object ? NAME : VALUE;
	return OK;
}

static enum outcome
open_level(struct check *check)
{
	bool is_object = *check->scan.at == '{';

	if (check->depth == JSON_DEPTH)
		return json_scan_refuse(&check->scan, check->scan.at,
		    "nested deeper than " DIGITS_OF(JSON_DEPTH));
	check->levels[check->depth++] = (struct level){
		.is_object = is_object,
		.first = check->count,
	};
	check->scan.at++;
	check->state = is_object ? FIRST_NAME : FIRST_ITEM;
	return OK;
}

static enum outcome
close_level(struct check *check)
{
	size_t first = check->levels[check->depth - 1].first;
	enum outcome rc = check_names(check, first);

	if (rc)
		return rc;
	check->count = first;
	check->depth--;
	check->scan.at++;
	check->state = AFTER;
	return OK;
}

/* Any order does that puts equal names side by side; this one is quick.
 * Of equal names the first comes first. */
static int
compare_names(const void *left, const void *right)
{
	const struct name *a = left, *b = right;
	int difference;

	if (a->length != b->length)
		return a->length < b->length ? -1 : 1;
	difference = memcmp(a->text, b->text, a->length);
	if (difference != 0)
		return difference;
	return a->at < b->at ? -1 : 1;
}

static bool
is_same(const struct name *a, const struct name *b)
{
	return a->length == b->length &&
	       memcmp(a->text, b->text, a->length) == 0;
}

static enum outcome
check_names(struct check *check, size_t first)
{
	size_t i, count = check->count - first;
	const char *bad = NULL;
	struct name *names;

	if (count < 2)
		return OK;
	names = check->names + first;
	qsort(names, count, sizeof(*names), compare_names);
	for (i = 1; i < count; i++) {
		if (is_same(&names[i - 1], &names[i]) &&
		    (bad == NULL || names[i].at < bad))
			bad = names[i].at;
	}
	if (bad == NULL)
		return OK;
	return json_scan_refuse(
	    &check->scan, bad, "a name is repeated in this object");
}
