/*
 * What json_check takes and refuses.  To add a case, add a row: a sentence,
 * the text, and where it is wrong, or 0, 0 when it is right.
 */
#include "base/base.h"

#include "base/json.h"

#include "base/arena.h"

#include "tap.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define T(text) (text), sizeof(text) - 1

#define BODY ((size_t)1024 * 1024)
#define DEEP 10000
#define MANY 50000
#define QUICK (CLOCKS_PER_SEC / 10) /* of the processor, whatever else runs */

struct test {
	const char *name;
	const char *text;
	size_t length;
	size_t line, column; /* 0 when the text is right */
};

/* clang-format off */
static const struct test tests[] = {
	/* Texts that are right. */
	{ "an empty object is right", T("{}"), 0, 0 },
	{ "an empty array is right", T("[]"), 0, 0 },
	{ "a word alone is right", T("true"), 0, 0 },
	{ "null alone is right", T("null"), 0, 0 },
	{ "false alone is right", T("false"), 0, 0 },
	{ "a number alone is right", T("0"), 0, 0 },
	{ "a minus zero is right", T("-0"), 0, 0 },
	{ "a string alone is right", T("\"\""), 0, 0 },
	{ "white space is right around everything",
	    T(" \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : { } } \n"), 0, 0 },
	{ "every short escape is right",
	    T("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), 0, 0 },
	{ "hexadecimal digits may be of either case",
	    T("\"\\u00e9\\u00E9\\uABCD\\uabcd\""), 0, 0 },
	{ "a surrogate pair is right", T("\"\\ud83d\\ude00\""), 0, 0 },
	{ "U+0000 in a value is right", T("{\"a\":\"x\\u0000y\"}"), 0, 0 },
	{ "DEL is right as it is", T("\"\x7f\""), 0, 0 },
	{ "UTF-8 of two, three and four bytes is right",
	    T("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""), 0, 0 },
	{ "the last code point is right", T("\"\xf4\x8f\xbf\xbf\""), 0, 0 },
	{ "an empty name is right", T("{\"\":1}"), 0, 0 },
	{ "a name may return in another object",
	    T("[{\"a\":1},{\"a\":{\"a\":2}}]"), 0, 0 },
	{ "names are compared with their case",
	    T("{\"a\":1,\"A\":2}"), 0, 0 },
	{ "a name may begin another name",
	    T("{\"a\":1,\"ab\":2,\"\":3}"), 0, 0 },
	{ "the same character composed otherwise is another name",
	    T("{\"\xc3\xa9\":1,\"e\xcc\x81\":2}"), 0, 0 },
	{ "the lowest signed integer is right",
	    T("-9223372036854775808"), 0, 0 },
	{ "the highest unsigned integer is right",
	    T("18446744073709551615"), 0, 0 },
	{ "a fraction and an exponent are right",
	    T("[0.5,-0.0,1e5,1E+5,1.5e-3,0e0]"), 0, 0 },
	{ "the largest double is right", T("1.7976931348623157e308"), 0, 0 },
	{ "a number too small for a double is right",
	    T("1e-400"), 0, 0 },
	{ "a long fraction is right",
	    T("0.1000000000000000055511151231257827021181583404541015625"
	      "000000000000000000000000000"), 0, 0 },
	{ "a depth of 32 is right",
	    T("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[0"
	      "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"), 0, 0 },

	/* The frame. */
	{ "an empty text is refused", T(""), 1, 1 },
	{ "a text of white space is refused", T(" \n "), 1, 1 },
	{ "a byte order mark is refused", T("\xef\xbb\xbf{}"), 1, 1 },
	{ "bytes after the text are refused", T("{} x"), 1, 4 },
	{ "a second text is refused", T("1 2"), 1, 3 },
	{ "a NUL after the text is refused", T("{}\0"), 1, 3 },
	{ "a NUL instead of a text is refused", T("\0"), 1, 1 },
	{ "a form feed is not white space", T("\f1"), 1, 1 },
	{ "U+00A0 is not white space", T("\xc2\xa0""1"), 1, 1 },
	{ "a depth of 33 is refused",
	    T("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[0"), 1, 33 },
	{ "a depth of 33 is refused for an empty object too",
	    T("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[{}"), 1, 33 },

	/* Arrays and objects. */
	{ "a trailing comma in an array is refused", T("[1,]"), 1, 4 },
	{ "a trailing comma in an object is refused",
	    T("{\"a\":1,}"), 1, 8 },
	{ "a comma alone is refused", T("[,1]"), 1, 2 },
	{ "two commas are refused", T("[1,,2]"), 1, 4 },
	{ "a missing comma is refused", T("[1 2]"), 1, 4 },
	{ "a missing comma in an object is refused",
	    T("{\"a\":1 \"b\":2}"), 1, 8 },
	{ "a colon in an array is refused", T("[\"a\":1]"), 1, 5 },
	{ "a missing colon is refused", T("{\"a\" 1}"), 1, 6 },
	{ "a missing value is refused", T("{\"a\":}"), 1, 6 },
	{ "a missing name is refused", T("{:1}"), 1, 2 },
	{ "a number as a name is refused", T("{1:1}"), 1, 2 },
	{ "a bare name is refused", T("{a:1}"), 1, 2 },
	{ "the wrong bracket is refused", T("[1}"), 1, 3 },
	{ "the wrong brace is refused", T("{\"a\":1]"), 1, 7 },
	{ "a closing bracket alone is refused", T("]"), 1, 1 },
	{ "one closing bracket too many is refused", T("[]]"), 1, 3 },
	{ "an open array is refused at its end", T("[1"), 1, 3 },
	{ "an open object is refused at its end", T("{\"a\":1"), 1, 7 },
	{ "an object that ends at its brace is refused", T("{"), 1, 2 },
	{ "a text that ends at a colon is refused", T("{\"a\":"), 1, 6 },
	{ "a line comment is refused", T("{}// no"), 1, 3 },
	{ "a block comment is refused", T("[/* no */]"), 1, 2 },
	{ "a comment before a name is refused", T("{/**/\"a\":1}"), 1, 2 },

	/* Names. */
	{ "a repeated name is refused", T("{\"a\":1,\"a\":2}"), 1, 8 },
	{ "the first repetition is shown",
	    T("{\"b\":1,\"a\":2,\"a\":3,\"b\":4,\"a\":5}"), 1, 14 },
	{ "a repeated name is found across others",
	    T("{\"a\":{\"a\":1,\"b\":[{\"a\":2}]},\"b\":3,\"a\":4}"),
	    1, 34 },
	{ "a repeated empty name is refused", T("{\"\":1,\"\":2}"), 1, 7 },
	{ "names are compared without their escapes",
	    T("{\"ab\":1,\"\\u0061b\":2}"), 1, 9 },
	{ "a slash and an escaped slash are one name",
	    T("{\"/\":1,\"\\/\":2}"), 1, 8 },
	{ "an escaped pair and its UTF-8 are one name",
	    T("{\"\xf0\x9f\x98\x80\":1,\"\\uD83D\\uDE00\":2}"), 1, 8 },
	{ "an escaped euro sign and its UTF-8 are one name",
	    T("{\"\\u20ac\":1,\"\xe2\x82\xac\":2}"), 1, 13 },
	{ "an escaped e acute and its UTF-8 are one name",
	    T("{\"\\u00e9\":1,\"\xc3\xa9\":2}"), 1, 13 },
	{ "U+0000 in a name is refused", T("{\"a\\u0000\":1}"), 1, 4 },

	/* Strings. */
	{ "single quotes are refused", T("['a']"), 1, 2 },
	{ "a name in single quotes is refused", T("{'a':1}"), 1, 2 },
	{ "an open string is refused at its end", T("\"abc"), 1, 5 },
	{ "a quote alone is refused", T("\""), 1, 2 },
	{ "a raw line feed is refused", T("\"a\nb\""), 1, 3 },
	{ "a raw tab is refused", T("\"a\tb\""), 1, 3 },
	{ "a raw NUL is refused", T("\"a\0b\""), 1, 3 },
	{ "a raw U+001F is refused", T("\"\x1f\""), 1, 2 },
	{ "an unknown escape is refused", T("\"\\x41\""), 1, 2 },
	{ "an escaped single quote is refused", T("\"\\'\""), 1, 2 },
	{ "an escaped NUL byte is refused", T("\"\\\0\""), 1, 2 },
	{ "an escape at the end is refused", T("\"\\"), 1, 3 },
	{ "three hexadecimal digits are refused", T("\"\\u123\""), 1, 2 },
	{ "other digits are refused", T("\"\\u12g4\""), 1, 2 },
	{ "a NUL among the digits is refused", T("\"\\u12\0""4\""), 1, 2 },
	{ "a capital U is refused", T("\"\\U0041\""), 1, 2 },
	{ "a lone high surrogate is refused", T("\"x\\ud800\""), 1, 3 },
	{ "a lone low surrogate is refused", T("\"\\udc00\""), 1, 2 },
	{ "a high surrogate before a letter is refused",
	    T("\"\\ud800a\""), 1, 2 },
	{ "two high surrogates are refused",
	    T("\"\\ud800\\ud800\\udc00\""), 1, 2 },
	{ "a pair in the wrong order is refused",
	    T("\"\\udc00\\ud800\""), 1, 2 },
	{ "a lone surrogate in a name is refused",
	    T("{\"\\ud800\":1}"), 1, 3 },

	/* UTF-8. */
	{ "an overlong slash is refused", T("\"\xc0\xaf\""), 1, 2 },
	{ "an overlong form of three bytes is refused",
	    T("\"\xe0\x80\xaf\""), 1, 2 },
	{ "an overlong form of four bytes is refused",
	    T("\"\xf0\x80\x80\xaf\""), 1, 2 },
	{ "a surrogate in UTF-8 is refused", T("\"\xed\xa0\x80\""), 1, 2 },
	{ "a pair of surrogates in UTF-8 is refused",
	    T("\"\xed\xa0\xbd\xed\xb8\x80\""), 1, 2 },
	{ "U+110000 is refused", T("\"\xf4\x90\x80\x80\""), 1, 2 },
	{ "a byte FF is refused", T("\"\xff\""), 1, 2 },
	{ "a continuation alone is refused", T("\"a\x80\""), 1, 3 },
	{ "a sequence cut by the quote is refused", T("\"\xe2\x82\""), 1, 2 },
	{ "a sequence cut by the end is refused", T("\"\xf0\x9f"), 1, 2 },
	{ "Latin-1 is refused", T("\"caf\xe9 \""), 1, 5 },

	/* Numbers. */
	{ "a point at the end is refused", T("[1.]"), 1, 4 },
	{ "a point at the end of the text is refused", T("1."), 1, 3 },
	{ "a point at the beginning is refused", T("[.5]"), 1, 2 },
	{ "a leading zero is refused", T("[01]"), 1, 2 },
	{ "a leading zero behind a minus is refused", T("[-01]"), 1, 3 },
	{ "two zeros are refused", T("00"), 1, 1 },
	{ "a plus sign is refused", T("[+1]"), 1, 2 },
	{ "a minus alone is refused", T("[-]"), 1, 3 },
	{ "two minus signs are refused", T("--1"), 1, 2 },
	{ "an exponent without digits is refused", T("[1e]"), 1, 4 },
	{ "an exponent of a sign is refused", T("[1e+]"), 1, 5 },
	{ "two points are refused", T("[1.2.3]"), 1, 5 },
	{ "a fraction in the exponent is refused", T("[1e1.5]"), 1, 5 },
	{ "a hexadecimal number is refused", T("[0x10]"), 1, 3 },
	{ "a comma for a point is refused", T("1,5"), 1, 2 },
	{ "NaN is refused", T("[NaN]"), 1, 2 },
	{ "nan is refused", T("[nan]"), 1, 2 },
	{ "Infinity is refused", T("Infinity"), 1, 1 },
	{ "minus Infinity is refused", T("[-Infinity]"), 1, 3 },
	{ "one below the lowest integer is refused",
	    T("[-9223372036854775809]"), 1, 2 },
	{ "one above the highest integer is refused",
	    T("[18446744073709551616]"), 1, 2 },
	{ "an integer of 40 digits is refused",
	    T("1234567890123456789012345678901234567890"), 1, 1 },
	{ "a double that overflows is refused", T("[1e400]"), 1, 2 },
	{ "a negative double that overflows is refused",
	    T("[0,-1e309]"), 1, 4 },
	{ "a double just too large is refused",
	    T("1.7976931348623159e308"), 1, 1 },
	{ "a long double that overflows is refused",
	    T("[100000000000000000000000000000000000000000000000000000000000"
	      "00000000000000000000000000000000000000000000000.0e300]"),
	    1, 2 },

	/* Words. */
	{ "a word with a capital is refused", T("True"), 1, 1 },
	{ "a cut word is refused", T("tru"), 1, 1 },
	{ "a longer word is refused", T("nullx"), 1, 5 },
	{ "undefined is refused", T("[undefined]"), 1, 2 },

	/* Places. */
	{ "a fault is counted in lines", T("{\n\n \"a\": x}"), 3, 7 },
	{ "a carriage return is not a line of its own",
	    T("[\r\n\r\n x]"), 3, 2 },
	{ "a fault is counted in characters",
	    T("[\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\", x]"), 1, 9 },
	{ "an end after a line feed is on the next line", T("[1,\n"), 2, 1 },
};
/* clang-format on */

/* In a block of its own size, so that a sanitizer sees one byte too far. */
static enum outcome
check(const char *text, size_t length, struct json_fault *fault)
{
	char *bytes = malloc(length > 0 ? length : 1);
	enum outcome rc;

	assert(bytes != NULL);
	memcpy(bytes, text, length);
	rc = json_check(bytes, length, fault);
	free(bytes);
	return rc;
}

static void
test_right(const struct test *test)
{
	struct json_fault fault = { 7, 7, NULL };
	struct arena *arena = arena_new();
	struct json_object *tree;
	enum outcome rc = check(test->text, test->length, &fault);

	ok(rc == OK && fault.what == NULL && fault.line == 7, "%s", test->name);
	ok(json_parse(arena, test->text, test->length, &tree, &fault) == OK,
	    "json-c agrees: %s", test->name);
	arena_free(arena);
}

static void
test_wrong(const struct test *test)
{
	struct json_fault fault = { 0, 0, "" };
	enum outcome rc = check(test->text, test->length, &fault);

	if (!ok(rc == INVALID && fault.line == test->line &&
		    fault.column == test->column && strlen(fault.what) > 0,
		"%s", test->name))
		printf("#   %zu:%zu %s, not %zu:%zu\n", fault.line,
		    fault.column, fault.what, test->line, test->column);
}

/* Every beginning of a right text that is not a number is wrong, and is
 * wrong where it ends or before. */
static void
test_cut(void)
{
	static const char text[] =
	    "{\"a\\u00e9\\ud83d\\ude00\":[1.5e+3,true,null,\"\xe2\x82\xac\"],"
	    "\"b\":{\"c\":-0}}";
	struct json_fault fault = { 0, 0, NULL };
	size_t length, refused = 0;

	for (length = 0; length < sizeof(text) - 1; length++) {
		if (check(text, length, &fault) == INVALID && fault.line == 1 &&
		    fault.column <= length + 1)
			refused++;
	}
	is_int((int64_t)refused, sizeof(text) - 1,
	    "a text that is cut anywhere is refused");
	ok(check(text, sizeof(text) - 1, &fault) == OK,
	    "the same text is right when it is whole");
}

static void
test_words(void)
{
	struct json_fault fault;

	ok(check(T("{\"a\":1,\"a\":2}"), &fault) == INVALID, "a repetition");
	is_text(fault.what, "a name is repeated in this object",
	    "a repetition is called one");
	ok(check(T("[1,"), &fault) == INVALID, "a text that is cut");
	is_text(fault.what, "the text ends too soon",
	    "a text that is cut is called that");
	ok(check(T("  "), &fault) == INVALID, "a text of spaces");
	is_text(fault.what, "the text is empty", "and so is an empty one");
}

static void
test_deep(const char *opening)
{
	size_t i, step = strlen(opening);
	struct json_fault fault = { 0, 0, "" };
	char *text = malloc(DEEP * step);
	enum outcome rc;

	assert(text != NULL);
	for (i = 0; i < DEEP; i++)
		memcpy(text + i * step, opening, step);
	rc = json_check(text, DEEP * step, &fault);
	ok(rc == INVALID && fault.column == JSON_DEPTH * step + 1,
	    "10,000 of %s are refused at the 33rd", opening);
	is_text(fault.what, "nested deeper than 32",
	    "a depth is called one after %s", opening);
	free(text);
}

/* An object with `count` names of `width` digits each, as long as a body
 * may be; if `last` is not 0, the last name is `last - 1` again. */
static char *
make_names(size_t count, int width, size_t last, size_t *length)
{
	char *text = malloc(BODY);
	size_t i, at = 0, number;

	assert(text != NULL);
	for (i = 0; i < count; i++) {
		number = last > 0 && i == count - 1 ? last - 1 : i;
		at += (size_t)snprintf(text + at, BODY - at, "%c\"%0*zu\":0",
		    i == 0 ? '{' : ',', width, number);
	}
	assert(at < BODY);
	memset(text + at, ' ', BODY - at);
	text[BODY - 1] = '}';
	*length = BODY;
	return text;
}

static void
test_many(size_t count, int width)
{
	struct json_fault fault = { 0, 0, "" };
	size_t length;
	char *text = make_names(count, width, 0, &length);
	clock_t taken = clock();
	enum outcome rc = json_check(text, length, &fault);

	taken = clock() - taken;
	ok(rc == OK, "1 MiB with %zu names is right", count);
	if (!ok(taken < QUICK, "%zu names take no time to speak of", count))
		printf("# %g seconds\n", (double)taken / CLOCKS_PER_SEC);
	free(text);
	text = make_names(count, width, 8, &length);
	rc = json_check(text, length, &fault);
	ok(rc == INVALID &&
		fault.column == 1 + (count - 1) * ((size_t)width + 5) + 1,
	    "a repetition among %zu names is found", count);
	free(text);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < COUNT(tests); i++) {
		if (tests[i].line == 0)
			test_right(&tests[i]);
		else
			test_wrong(&tests[i]);
	}
	test_cut();
	test_words();
	test_deep("[");
	test_deep("{\"a\":");
	test_many(MANY, 8);
	test_many(100, 10000);
	return done();
}
