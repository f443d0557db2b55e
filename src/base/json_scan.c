/*
 * Strings, numbers and words, byte by byte.  What people write who think
 * of another language gets a sentence of its own: to add one, add a row to
 * the hints.
 */
#include "base/base.h"

#include "base/json_scan.h"

#include "base/arena.h"
#include "base/text.h"

#include <string.h>

struct hint {
	char first;
	const char *what;
};

/* clang-format off */
static const struct hint anywhere[] = {
	{ '\'', "texts and names stand between double quotes" },
	{ '/',  "comments are not part of JSON" },
	{ '#',  "comments are not part of JSON" },
};

static const struct hint for_values[] = {
	{ '+', "a number does not begin with a plus sign" },
	{ '.', "a number begins with a digit" },
	{ 'N', "NaN is not a number in JSON" },
	{ 'I', "Infinity is not a number in JSON" },
	{ 'T', "true and false are written in small letters" },
	{ 'F', "true and false are written in small letters" },
	{ ',', "a value is missing before this comma" },
	{ ']', "a value is missing before this bracket" },
	{ '}', "a value is missing before this bracket" },
};
/* clang-format on */

static const char *const words[] = { "true", "false", "null" };

static const char *find_hint(const struct hint *hints, size_t count, int c);
static bool is_digit(int c);
static enum outcome read_character(struct json_scan *scan) MUSTCHECK;
static enum outcome read_utf8(struct json_scan *scan) MUSTCHECK;
static enum outcome read_escape(struct json_scan *scan) MUSTCHECK;
static enum outcome read_unicode(struct json_scan *scan) MUSTCHECK;
static enum outcome read_whole(struct json_scan *scan) MUSTCHECK;
static enum outcome read_digits(struct json_scan *scan) MUSTCHECK;
static enum outcome read_exponent(struct json_scan *scan) MUSTCHECK;
static enum outcome check_integer(
    struct json_scan *scan, const char *start) MUSTCHECK;
static enum outcome check_real(
    struct json_scan *scan, const char *start) MUSTCHECK;

int
json_scan_peek(const struct json_scan *scan)
{
	return scan->at < scan->end ? (unsigned char)*scan->at : -1;
}

static bool
is_space(int c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void
json_scan_space(struct json_scan *scan)
{
	while (scan->at < scan->end && is_space(*scan->at))
		scan->at++;
}

enum outcome
json_scan_word(struct json_scan *scan)
{
	size_t i, length, left = (size_t)(scan->end - scan->at);
	const char *hint;

	for (i = 0; i < COUNT(words); i++) {
		length = strlen(words[i]);
		if (left >= length && memcmp(scan->at, words[i], length) == 0) {
			scan->at += length;
			return OK;
		}
	}
	hint = find_hint(for_values, COUNT(for_values), json_scan_peek(scan));
	return json_scan_refuse_here(
	    scan, hint != NULL ? hint : "a value was expected here");
}

enum outcome
json_scan_number(struct json_scan *scan)
{
	const char *start = scan->at;
	bool is_real = false;
	enum outcome rc;

	if (*scan->at == '-')
		scan->at++;
	rc = read_whole(scan);
	if (rc == OK && json_scan_peek(scan) == '.') {
		is_real = true;
		scan->at++;
		rc = read_digits(scan);
	}
	if (rc == OK &&
	    (json_scan_peek(scan) == 'e' || json_scan_peek(scan) == 'E')) {
		is_real = true;
		rc = read_exponent(scan);
	}
	if (rc)
		return rc;
	return is_real ? check_real(scan, start) : check_integer(scan, start);
}

enum outcome
json_scan_string(struct json_scan *scan)
{
	enum outcome rc = OK;

	scan->at++;
	while (rc == OK && scan->at < scan->end && *scan->at != '"')
		rc = read_character(scan);
	if (rc)
		return rc;
	if (scan->at == scan->end)
		return json_scan_refuse(scan, scan->end, "a quote is missing");
	scan->at++;
	return OK;
}

enum outcome
json_scan_refuse(struct json_scan *scan, const char *bad, const char *what)
{
	scan->bad = bad;
	scan->what = bad == scan->end ? "the text ends too soon" : what;
	return INVALID;
}

static const char *
find_hint(const struct hint *hints, size_t count, int c)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (hints[i].first == c)
			return hints[i].what;
	}
	return NULL;
}

enum outcome
json_scan_refuse_here(struct json_scan *scan, const char *what)
{
	const char *hint =
	    find_hint(anywhere, COUNT(anywhere), json_scan_peek(scan));

	return json_scan_refuse(scan, scan->at, hint != NULL ? hint : what);
}

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static enum outcome
read_whole(struct json_scan *scan)
{
	if (json_scan_peek(scan) != '0')
		return read_digits(scan);
	scan->at++;
	if (is_digit(json_scan_peek(scan)))
		return json_scan_refuse(scan, scan->at - 1,
		    "a number does not begin with a needless zero");
	return OK;
}

static enum outcome
read_digits(struct json_scan *scan)
{
	if (!is_digit(json_scan_peek(scan)))
		return json_scan_refuse(
		    scan, scan->at, "a digit is missing here");
	while (is_digit(json_scan_peek(scan)))
		scan->at++;
	return OK;
}

static enum outcome
read_exponent(struct json_scan *scan)
{
	scan->at++;
	if (json_scan_peek(scan) == '+' || json_scan_peek(scan) == '-')
		scan->at++;
	return read_digits(scan);
}

static enum outcome
check_integer(struct json_scan *scan, const char *start)
{
	static const char lowest[] = "9223372036854775808";
	static const char highest[] = "18446744073709551615";
	bool is_negative = *start == '-';
	const char *digits = is_negative ? start + 1 : start;
	const char *limit = is_negative ? lowest : highest;
	size_t length = (size_t)(scan->at - digits), most = strlen(limit);

	if (length < most ||
	    (length == most && memcmp(digits, limit, most) <= 0))
		return OK;
	return json_scan_refuse(scan, start, "an integer does not fit 64 bits");
}

static enum outcome
check_real(struct json_scan *scan, const char *start)
{
	size_t length = (size_t)(scan->at - start);
	char room[64] = "", *text = room;
	double number;

	/* It wants a NUL, and the document need not have one there. */
	if (length < sizeof(room))
		memcpy(room, start, length);
	else
		text = arena_copy(scan->arena, start, length);
	if (text_to_number(text, &number))
		return json_scan_refuse(
		    scan, start, "a number is too large for a double");
	return OK;
}

/* Copies what was read, when it is a name, and steps over `read` bytes. */
static void
take(struct json_scan *scan, const char *bytes, size_t length, size_t read)
{
	if (scan->copy != NULL) {
		memcpy(scan->copy, bytes, length);
		scan->copy += length;
	}
	scan->at += read;
}

static enum outcome
read_character(struct json_scan *scan)
{
	unsigned char c = (unsigned char)*scan->at;

	if (c < ' ')
		return json_scan_refuse(scan, scan->at,
		    "a control character in a text is written as \\u00..");
	if (c == '\\')
		return read_escape(scan);
	if (c >= 0x80)
		return read_utf8(scan);
	take(scan, scan->at, 1, 1);
	return OK;
}

static enum outcome
read_utf8(struct json_scan *scan)
{
	unsigned char c = (unsigned char)*scan->at;
	size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;

	if ((size_t)(scan->end - scan->at) < length ||
	    !text_is_utf8(scan->at, length))
		return json_scan_refuse(scan, scan->at, "this is not UTF-8");
	take(scan, scan->at, length, length);
	return OK;
}

static enum outcome
read_escape(struct json_scan *scan)
{
	static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *letter;

	if (scan->end - scan->at < 2)
		return json_scan_refuse(scan, scan->end, "an escape is cut");
	if (scan->at[1] == 'u')
		return read_unicode(scan);
	letter = memchr(letters, scan->at[1], sizeof(letters) - 1);
	if (letter == NULL)
		return json_scan_refuse(scan, scan->at,
		    "a backslash stands before \" \\ / b f n r t or u");
	take(scan, &meant[letter - letters], 1, 2);
	return OK;
}

/* The number in a \uXXXX at this place, or -1. */
static int32_t
code_unit(const struct json_scan *scan, const char *at)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	int32_t unit = 0;
	const char *digit;
	int i;

	if (scan->end - at < 6 || at[0] != '\\' || at[1] != 'u')
		return -1;
	for (i = 2; i < 6; i++) {
		digit = memchr(digits, at[i], sizeof(digits) - 1);
		if (digit == NULL)
			return -1;
		unit = 16 * unit + (int32_t)((digit - digits) % 16);
	}
	return unit;
}

/* Writes a code point as UTF-8; returns how many bytes. */
static size_t
encode(int32_t code, char bytes[4])
{
	static const int32_t past[] = { 0x80, 0x800, 0x10000 };
	static const unsigned char marks[] = { 0, 0xc0, 0xe0, 0xf0 };
	size_t i, more = 0;

	while (more < COUNT(past) && code >= past[more])
		more++;
	for (i = more; i > 0; i--) {
		bytes[i] = (char)(0x80 | (code & 0x3f));
		code >>= 6;
	}
	bytes[0] = (char)(marks[more] | code);
	return more + 1;
}

static enum outcome
read_unicode(struct json_scan *scan)
{
	static const char lone[] = "half of a surrogate pair is missing";
	int32_t low, code = code_unit(scan, scan->at);
	size_t read = 6;
	char bytes[4];

	if (code == -1)
		return json_scan_refuse(
		    scan, scan->at, "four hexadecimal digits stand behind \\u");
	if (code >= 0xdc00 && code <= 0xdfff)
		return json_scan_refuse(scan, scan->at, lone);
	if (code >= 0xd800 && code <= 0xdbff) {
		low = code_unit(scan, scan->at + read);
		if (low < 0xdc00 || low > 0xdfff)
			return json_scan_refuse(scan, scan->at, lone);
		code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
		read += 6;
	}
	if (code == 0 && scan->copy != NULL)
		return json_scan_refuse(
		    scan, scan->at, "a name cannot contain U+0000");
	take(scan, bytes, encode(code, bytes), read);
	return OK;
}
