/*
 * Text: what is valid, what it stands for, and how numbers are written.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/text.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "tap.h"

#define BYTES(literal) (literal), sizeof(literal) - 1

struct sample {
	const char *bytes;
	size_t length;
	bool utf8, clean;
	const char *name;
};

/* To add a row: bytes, whether they are UTF-8 and text, and what they are. */
/* clang-format off */
static const struct sample samples[] = {
	{ BYTES(""),                 true,  true,  "nothing" },
	{ BYTES("plain ~ text"),     true,  true,  "ASCII" },
	{ BYTES("a\tb\r\nc"),        true,  true,  "tab and line ends" },
	{ BYTES("a\0b"),             true,  false, "NUL" },
	{ BYTES("\x01"),             true,  false, "U+0001" },
	{ BYTES("a\x0b"),            true,  false, "a vertical tab" },
	{ BYTES("\x1b[0m"),          true,  false, "escape" },
	{ BYTES("\x1f"),             true,  false, "U+001F" },
	{ BYTES("\x7f"),             true,  false, "delete" },
	{ BYTES("\xc2\x80"),         true,  true,  "U+0080" },
	{ BYTES("\xdf\xbf"),         true,  true,  "U+07FF" },
	{ BYTES("\xe0\xa0\x80"),     true,  true,  "U+0800" },
	{ BYTES("\xed\x9f\xbf"),     true,  true,  "U+D7FF" },
	{ BYTES("\xee\x80\x80"),     true,  true,  "U+E000" },
	{ BYTES("\xef\xbf\xbf"),     true,  true,  "U+FFFF" },
	{ BYTES("\xf0\x90\x80\x80"), true,  true,  "U+10000" },
	{ BYTES("\xf4\x8f\xbf\xbf"), true,  true,  "U+10FFFF" },
	{ BYTES("\xf4\x90\x80\x80"), false, false, "U+110000" },
	{ BYTES("\xf5\x80\x80\x80"), false, false, "a first byte of F5" },
	{ BYTES("\xf8\x88\x80\x80\x80"), false, false, "five bytes" },
	{ BYTES("\xff"),             false, false, "the byte FF" },
	{ BYTES("\x80"),             false, false, "a lone second byte" },
	{ BYTES("a\xbf"),            false, false, "another one" },
	{ BYTES("\xc0\xaf"),         false, false, "a slash in two bytes" },
	{ BYTES("\xc1\xbf"),         false, false, "U+007F in two bytes" },
	{ BYTES("\xe0\x9f\xbf"),     false, false, "U+07FF in three bytes" },
	{ BYTES("\xf0\x8f\xbf\xbf"), false, false, "U+FFFF in four bytes" },
	{ BYTES("\xed\xa0\x80"),     false, false, "the first surrogate" },
	{ BYTES("\xed\xbf\xbf"),     false, false, "the last surrogate" },
	{ BYTES("\xc3"),             false, false, "one byte of two" },
	{ BYTES("\xe2\x82"),         false, false, "two bytes of three" },
	{ BYTES("\xf0\x9f\x98"),     false, false, "three bytes of four" },
	{ "\xe2\x82\xac", 2,        false, false, "a length within a character" },
	{ BYTES("\xc3("),            false, false, "a second byte of ASCII" },
	{ BYTES("\xe2\x82("),        false, false, "a third byte of ASCII" },
};

static const char *const blanks[] = {
	"", " ", "\t\n\v\f\r ", "\xc2\x85", "\xc2\xa0", "\xe1\x9a\x80",
	"\xe2\x80\x80", "\xe2\x80\x8a", "\xe2\x80\x8b", "\xe2\x80\xa8",
	"\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80",
	" \xe3\x80\x80 \xe2\x80\x8b\n",
};

static const char *const full[] = {
	"a", " a", "a ", ".", "\xc2\x84", "\xc2\x86", "\xc2\xa1",
	"\xe2\x80\x8c", "\xe2\x80\xa7", "\xe2\x81\xa0", "\xef\xbb\xbf",
	"\xe3\x80\x81", " \xc3\xa9 ", "\xff", "\xe3\x80",
};

static const struct {
	const char *text;
	int64_t value;
} integers[] = {
	{ "0",                    0 },
	{ "-0",                   0 },
	{ "007",                  7 },
	{ "-42",                  -42 },
	{ "9223372036854775807",  INT64_MAX },
	{ "-9223372036854775808", INT64_MIN },
};

static const char *const no_integers[] = {
	"", "-", "+1", " 1", "1 ", "1.0", "1e3", "--1", "0x1", "a", "1a",
	"9223372036854775808", "-9223372036854775809",
	"92233720368547758070", "99999999999999999999999999",
};

static const struct {
	const char *text;
	double value;
} numbers[] = {
	{ "0",       0 },     { "-0",      0 },    { "10",     10 },
	{ "-1.5",    -1.5 },  { "0.7",     0.7 },  { "1e3",    1000 },
	{ "1E+3",    1000 },  { "12.5e-1", 1.25 }, { "1e-400", 0 },
	{ "0.00",    0 },     { "0e9",     0 },
	{ "1.7976931348623157e308", DBL_MAX },
};

static const char *const no_numbers[] = {
	"", "-", "+1", "01", "-01", ".5", "5.", "1.e3", "1e", "1e+", "1e1.5",
	"0x10", "1,5", " 1", "1 ", "nan", "NaN", "inf", "Infinity", "-Infinity",
	"1e400", "-1e400", "--1", "1f", "1_000",
};

static const struct {
	double number;
	const char *text;
} written[] = {
	{ 0,       "0" },       { -0.0,  "0" },     { 1,       "1" },
	{ -1,      "-1" },      { 900,   "900" },   { 0.7,     "0.7" },
	{ -0.5,    "-0.5" },    { 0.1,   "0.1" },   { 123.456, "123.456" },
	{ 1e21,    "1e+21" },   { 1e-7,  "1e-7" },  { 1.5e-7,  "1.5e-7" },
	{ 1.25e21, "1.25e+21" },
	{ 1e20,    "100000000000000000000" },
	{ 123456789012345680000.0, "123456789012345680000" },
	{ 0.000001,                "0.000001" },
	{ 0.00000123,              "0.00000123" },
	{ 0.1 + 0.2,               "0.30000000000000004" },
	{ 1.0 / 3,                 "0.3333333333333333" },
	{ 9007199254740991.0,      "9007199254740991" },
	{ 9007199254740993.0,      "9007199254740992" },
	{ 4.35,                    "4.35" },
	{ 5e-324,                  "5e-324" },
	{ 2.2250738585072014e-308, "2.2250738585072014e-308" },
	{ DBL_MAX,                 "1.7976931348623157e+308" },
	{ -DBL_MAX,                "-1.7976931348623157e+308" },
	{ 0x1p-44,                 "5.684341886080802e-14" },
	{ 0x1p-1019,               "1.7800590868057611e-307" },
};

static const char *const words[] = {
	"time_out", "timezone", "to", "time-out", "metadata", NULL
};

/* To add a row: what was written, and which of the words was meant. */
static const struct {
	const char *word, *nearest;
} near[] = {
	{ "time_out",  "time_out" },
	{ "timeout",   "time_out" },
	{ "time.out",  "time_out" },
	{ "timezome",  "timezone" },
	{ "time_zone", "timezone" },
	{ "metdata",   "metadata" },
	{ "matedata",  "metadata" },
	{ "meta",      NULL },
	{ "to",        "to" },
	{ "ta",        NULL },
	{ "too",       "to" },
	{ "colour",    NULL },
	{ "",          NULL },
};
/* clang-format on */

static void
test_utf8(void)
{
	size_t i;

	for (i = 0; i < COUNT(samples); i++) {
		ok(text_is_utf8(samples[i].bytes, samples[i].length) ==
			samples[i].utf8,
		    "%s is %sUTF-8", samples[i].name,
		    samples[i].utf8 ? "" : "not ");
		ok(text_is_clean(samples[i].bytes, samples[i].length) ==
			samples[i].clean,
		    "%s is %stext", samples[i].name,
		    samples[i].clean ? "" : "not ");
	}
	is_int((int64_t)text_length(""), 0, "nothing has no characters");
	is_int((int64_t)text_length("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), 4,
	    "characters are counted, not bytes");
}

static void
test_blank(void)
{
	size_t i;

	for (i = 0; i < COUNT(blanks); i++)
		ok(text_is_blank(blanks[i]), "blank %zu is blank", i);
	for (i = 0; i < COUNT(full); i++)
		ok(!text_is_blank(full[i]), "text %zu is not blank", i);
}

static void
test_compare(void)
{
	ok(text_equal("ab", "ab"), "equal texts are equal");
	ok(!text_equal("ab", "abc") && !text_equal("ab", "aB"),
	    "others are not");
	ok(text_equal_nocase("Az-09", "aZ-09"), "letters of either case match");
	ok(!text_equal_nocase("ab", "abc") && !text_equal_nocase("abc", "ab"),
	    "but not a part of a text");
	ok(!text_equal_nocase("@", "`") && !text_equal_nocase("[", "{"),
	    "nor what stands beside the letters");
	ok(!text_equal_nocase("\xc3\x89", "\xc3\xa9"), "nor other alphabets");
	ok(text_starts("/v1/x", "/v1") && text_starts("a", ""), "texts start");
	ok(!text_starts("/v", "/v1") && !text_starts("x/v1", "/v1"),
	    "or start otherwise");
	ok(text_ends("a.json", ".json") && text_ends("a", ""), "texts end");
	ok(!text_ends("json", ".json") && !text_ends("a.json5", ".json"),
	    "or end otherwise");
}

static void
test_integers(void)
{
	int64_t value;
	size_t i;

	for (i = 0; i < COUNT(integers); i++) {
		value = 77;
		ok(text_to_integer(integers[i].text, &value) == OK &&
			value == integers[i].value,
		    "%s is an integer", integers[i].text);
	}
	for (i = 0; i < COUNT(no_integers); i++) {
		value = 77;
		ok(text_to_integer(no_integers[i], &value) == INVALID &&
			value == 77,
		    "\"%s\" is no integer", no_integers[i]);
	}
}

static void
test_numbers(void)
{
	bool truth = false;
	double value;
	size_t i;

	for (i = 0; i < COUNT(numbers); i++) {
		value = 77;
		ok(text_to_number(numbers[i].text, &value) == OK &&
			value == numbers[i].value,
		    "%s is a number", numbers[i].text);
	}
	for (i = 0; i < COUNT(no_numbers); i++) {
		value = 77;
		ok(text_to_number(no_numbers[i], &value) == INVALID &&
			value == 77,
		    "\"%s\" is no number", no_numbers[i]);
	}
	ok(text_to_boolean("true", &truth) == OK && truth, "true is true");
	ok(text_to_boolean("True", &truth) == INVALID && truth,
	    "True is neither");
	ok(text_to_boolean("false", &truth) == OK && !truth, "false is false");
	ok(text_to_boolean("1", &truth) == INVALID &&
		text_to_boolean("", &truth) == INVALID,
	    "nothing else is either");
}

/* The same numbers each time, from all over the range. */
static bool
reads_back(struct arena *arena)
{
	uint64_t bits = UINT64_C(0x9e3779b97f4a7c15);
	double number, again;
	int i;

	for (i = 0; i < 20000; i++) {
		bits ^= bits << 13;
		bits ^= bits >> 7;
		bits ^= bits << 17;
		memcpy(&number, &bits, sizeof(number));
		if (!isfinite(number))
			continue;
		if (text_to_number(text_from_number(arena, number), &again) ||
		    again != number)
			return false;
	}
	return true;
}

static void
test_written_numbers(struct arena *arena)
{
	size_t i;

	for (i = 0; i < COUNT(written); i++)
		is_text(text_from_number(arena, written[i].number),
		    written[i].text, "%s is written so", written[i].text);
	ok(reads_back(arena), "any number reads back as itself");
}

static void
test_parts(struct arena *arena)
{
	const char **parts;

	is_text(text_trim(arena, " \t a \xc3\xa9 b\xc2\xa0\xe2\x80\x8b\n"),
	    "a \xc3\xa9 b", "white space is trimmed at the ends only");
	is_text(
	    text_trim(arena, " \xe3\x80\x80 "), "", "all of it, if need be");
	is_text(text_trim(arena, ""), "", "nothing is trimmed to nothing");
	is_text(text_trim(arena, "ab"), "ab", "a trim text stays as it is");
	parts = text_split(arena, " a, b c ,,  ,d", ',');
	is_text(parts[0], "a", "a text is split");
	is_text(parts[1], "b c", "its parts are trimmed");
	is_text(parts[2], "d", "empty parts are left out");
	ok(parts[3] == NULL, "and the end is marked");
	ok(text_split(arena, "", ',')[0] == NULL, "nothing has no parts");
	ok(text_split(arena, ",,", ',')[0] == NULL, "nor have separators");
	parts = text_split(arena, "a,b;c", ';');
	is_text(parts[0], "a,b", "there are other separators");
	is_text(parts[1], "c", "than the comma");
}

static void
test_nearest(struct arena *arena)
{
	const char *const twins[] = { "abcd", "abce", NULL };
	const char *longest = arena_format(arena, "%064d", 1);
	const char *longer = arena_format(arena, "%065d", 1);
	const char *const lengths[] = { longer, longest, NULL };
	size_t i;

	for (i = 0; i < COUNT(near); i++)
		is_text(text_nearest(near[i].word, words), near[i].nearest,
		    "\"%s\" means %s", near[i].word,
		    near[i].nearest != NULL ? near[i].nearest : "nothing");
	is_text(text_nearest("abcf", twins), "abcd",
	    "of two as near the first is taken");
	is_text(text_nearest("abce", twins), "abce", "the nearer wins");
	is_text(text_nearest(longest, lengths), longest,
	    "words of 64 bytes are looked for");
	ok(text_nearest(longer, lengths) == NULL, "longer ones are not");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_utf8();
	test_blank();
	test_compare();
	test_integers();
	test_numbers();
	test_written_numbers(arena);
	test_parts(arena);
	test_nearest(arena);
	arena_free(arena);
	return done();
}
