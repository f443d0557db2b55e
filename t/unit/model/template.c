/*
 * Templates: what is filled, what stays, and what nobody can make of them.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "model/template.h"

#include <stdlib.h>

#include "tap.h"

#define MEGABYTE ((size_t)1 << 20)

static const char variables_text[] =
    "{\"first_name\":\"Ada\",\"Empty\":\"\",\"none\":null,\"yes\":true,"
    "\"count\":3,\"price\":1.50,\"big\":1e21,"
    "\"store\":{\"open\":\"9:00\",\"Days\":[\"Mon\",{\"name\":\"Tue\"}]},"
    "\"a.b\":\"column\",\"case\":\"lower\",\"Case\":\"upper\","
    "\"trick\":\"{{first_name}}\",\"half\":\"{{first\","
    "\"secretive\":\"{{SECRET.key}}\",\"SECRET\":{\"key\":\"not this\"}}";

static const char secrets_text[] = "{\"key\":\"s3cret\",\"Other\":\"x\"}";

static const struct {
	const char *text, *filled;
	const char *name;
} cases[] = {
	/* clang-format off */
	{ "", "", "an empty text stays empty" },
	{ "Hi there", "Hi there", "a text without places stays" },
	{ "Hi {{first_name}}!", "Hi Ada!", "a place is filled" },
	{ "{{first_name}}{{count}}", "Ada3", "places may touch" },
	{ "{{ first_name\t}}", "Ada", "white space at the ends is nothing" },
	{ "{{FIRST_Name}}", "Ada", "case does not count" },
	{ "{{case}} {{Case}}", "lower upper", "the exact name comes first" },
	{ "{{CASE}}", "lower", "else the first that fits" },
	{ "[{{Empty}}]", "[]", "an empty text is filled in" },
	{ "[{{none}}]", "[]", "null is nothing" },
	{ "{{yes}}", "true", "a boolean is as in JSON" },
	{ "{{count}}", "3", "an integer is as in JSON" },
	{ "{{price}}", "1.5", "a number is as ECMAScript prints it" },
	{ "{{big}}", "1e+21", "and so is a large one" },
	{ "{{store.open}}", "9:00", "a path leads into an object" },
	{ "{{STORE.OPEN}}", "9:00", "in any case" },
	{ "{{store.days.0}}", "Mon", "and into an array, from 0" },
	{ "{{store.days.1.name}}", "Tue", "as deep as it goes" },
	{ "{{store.days}}", "[\"Mon\",{\"name\":\"Tue\"}]",
	    "an array is compact JSON" },
	{ "{{store.days.1}}", "{\"name\":\"Tue\"}",
	    "an object is compact JSON" },
	{ "{{a.b}}", "column", "a name may have points in it" },
	{ "{{nobody}}", "{{nobody}}", "an unknown variable stays" },
	{ "{{ nobody }}", "{{ nobody }}", "as it is written" },
	{ "{{store.closed}}", "{{store.closed}}", "and so an unknown member" },
	{ "{{store.days.2}}", "{{store.days.2}}", "an item that is none" },
	{ "{{store.days.-1}}", "{{store.days.-1}}", "a negative index" },
	{ "{{store.days.1e0}}", "{{store.days.1e0}}", "one that is no index" },
	{ "{{store.days.99999999999999999999}}",
	    "{{store.days.99999999999999999999}}", "one that is too large" },
	{ "{{first_name.x}}", "{{first_name.x}}", "a path through a text" },
	{ "{{none.x}}", "{{none.x}}", "a path through null" },
	{ "{{}}", "{{}}", "a place without a name" },
	{ "{{ }}", "{{ }}", "a blank one" },
	{ "{{.}}{{..}}{{store.}}{{.store}}", "{{.}}{{..}}{{store.}}{{.store}}",
	    "paths of nothing" },
	{ "{{first_name", "{{first_name", "a place that is not closed" },
	{ "{{first_name}", "{{first_name}", "or not quite" },
	{ "{first_name}", "{first_name}", "one brace is none" },
	{ "}}{{", "}}{{", "braces the wrong way round" },
	{ "{\"a\":{{count}}}", "{\"a\":3}", "a place at an object's end" },
	{ "{{{count}}}", "{3}", "or right between its braces" },
	{ "{{{{count}}}}", "{{3}}", "inner braces are the place" },
	{ "{{ {{count}} }}", "{{ 3 }}", "what is around them is text" },
	{ "{{a{{count}}", "{{a3", "an opening that is taken up again" },
	{ "{{trick}}", "{{first_name}}", "what is filled in is not filled" },
	{ "{{half}}_name}}", "{{first_name}}", "nor completed by the text" },
	{ "{{SECRET.key}}", "s3cret", "a secret is filled in" },
	{ "{{ secret.KEY }}", "s3cret", "in any case" },
	{ "{{SECRET.nobody}}", "{{SECRET.nobody}}", "an unknown one stays" },
	{ "{{secretive}}", "{{SECRET.key}}", "a value cannot ask for one" },
	/* clang-format on */
};

static struct json_object *
parse(struct arena *arena, const char *text)
{
	struct json_object *tree = NULL;
	struct json_fault fault;

	if (json_parse(arena, text, strlen(text), &tree, &fault) != OK)
		printf("# %s\n", fault.what);
	return tree;
}

static void
test_cases(struct arena *arena)
{
	struct json_object *variables = parse(arena, variables_text);
	struct json_object *secrets = parse(arena, secrets_text);
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		is_text(template_fill(arena, cases[i].text, variables, secrets),
		    cases[i].filled, "%s", cases[i].name);
	is_text(template_fill(arena, "{{SECRET.key}}", variables, NULL),
	    "{{SECRET.key}}",
	    "without secrets a secret stays, whatever variables say");
	is_text(template_fill(arena, "{{x}}{{SECRET.key}}", NULL, NULL),
	    "{{x}}{{SECRET.key}}", "without variables everything stays");
	is_text(template_fill(arena, "{{0}}", parse(arena, "[7]"), NULL), "7",
	    "an array may hold the variables");
}

static char *
repeat(const char *part, size_t bytes)
{
	size_t length = strlen(part), i;
	char *text = malloc(bytes + 1);

	for (i = 0; i < bytes; i++)
		text[i] = part[i % length];
	text[bytes] = '\0';
	return text;
}

static const struct {
	const char *part, *name;
} long_texts[] = {
	{ "{", "braces that open" },
	{ "{{", "pairs of them" },
	{ "{{a", "places that are not closed" },
	{ "{{first_name}}", "places that are filled" },
	{ "{{none}}", "places that are filled with nothing" },
	{ "{{nobody}}", "places that are not" },
	{ "{{ a.b.c.d.e.f.g.h }}", "long paths" },
	{ "\xf0\x9f\x98\x80", "characters of four bytes" },
	{ "{{x\xe2\x82\xac", "characters in paths" },
};

static void
test_long(struct arena *arena)
{
	struct json_object *variables = parse(arena, variables_text);
	const char *filled;
	char *text;
	size_t i;

	for (i = 0; i < COUNT(long_texts); i++) {
		text = repeat(long_texts[i].part, MEGABYTE);
		filled = template_fill(arena, text, variables, NULL);
		ok(strlen(filled) <= TEMPLATE_MOST,
		    "a megabyte of %s keeps its bound", long_texts[i].name);
		ok(text_is_utf8(filled, strlen(filled)),
		    "and ends behind a character");
		free(text);
	}
}

static void
test_long_values(struct arena *arena)
{
	char *path = repeat("a.", TEMPLATE_PATH_MOST + 2), *value;
	const char *text, *filled;
	struct json_object *found;

	text = arena_format(arena, "{{%s}}", path);
	is_text(template_fill(arena, text, parse(arena, "{}"), NULL), text,
	    "a path that is too long stays");
	is_int(template_find(parse(arena, "{\"a\":1}"), path, &found),
	    NOT_FOUND, "and leads nowhere");
	free(path);
	value = repeat("\xc3\xa9", MEGABYTE);
	text = arena_format(arena, "{\"v\":\"%s\"}", value);
	filled = template_fill(arena, "x{{v}}more", parse(arena, text), NULL);
	is_int((int64_t)strlen(filled), (int64_t)TEMPLATE_MOST - 1,
	    "a value that is too long is cut behind a character");
	free(value);
}

/* The same numbers in every run. */
static uint32_t
next_number(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 16;
}

static void
test_any(struct arena *arena)
{
	static const char *const parts[] = { "{", "{{", "}", "}}", " ", ".",
		"0", "first_name", "store", "days", "trick", "SECRET.", "key",
		"\xc3\xa9", "\n", "none", "half" };
	struct arena *own = arena_new();
	struct json_object *variables = parse(arena, variables_text);
	const char *filled;
	uint32_t state = 7;
	char text[512];
	bool is_fine = true;
	int i, length;

	for (i = 0; i < 20000; i++) {
		text[0] = '\0';
		for (length = (int)(next_number(&state) % 24); length > 0;
		     length--)
			strcat(text, parts[next_number(&state) % COUNT(parts)]);
		filled = template_fill(own, text, variables, NULL);
		is_fine = is_fine && strlen(filled) <= 4096 &&
			  text_is_utf8(filled, strlen(filled)) &&
			  strstr(filled, "not this") == NULL;
		if (strstr(text, "{{") == NULL)
			is_fine = is_fine && text_equal(filled, text);
		arena_clear(own);
	}
	ok(is_fine, "any text comes out whole, bounded and without secrets");
	arena_free(own);
}

static void
test_find(struct arena *arena)
{
	struct json_object *variables = parse(arena, variables_text);
	struct json_object *found = variables;

	is_int(template_find(variables, "none", &found), OK,
	    "null is a value that is found");
	ok(found == NULL, "as null");
	is_int(template_find(variables, "", &found), NOT_FOUND,
	    "the empty path leads nowhere");
	is_int(template_find(NULL, "x", &found), NOT_FOUND,
	    "and so does any where there are no variables");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_cases(arena);
	test_long(arena);
	test_long_values(arena);
	test_any(arena);
	test_find(arena);
	arena_free(arena);
	return done();
}
