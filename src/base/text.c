/*
 * UTF-8, and texts that stand for values.
 *
 * The program never calls setlocale, so strtod and printf take and write
 * a point.
 */
#include "base/base.h"

#include "base/text.h"

#include "base/arena.h"
#include "base/buf.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX 17  /* of them tell any two doubles apart */
#define DIGITS_SURE 15 /* of them survive any normal double */
#define NUMBER_MAX 32  /* bytes of a number as it is written */
#define WORD_MAX 64    /* bytes of a word that is looked for */

/* The white space of Unicode 15 (PropList.txt, White_Space), and U+200B,
 * which shows nothing either.  In order. */
/* clang-format off */
static const struct range {
	uint32_t first, last;
} spaces[] = {
	{ 0x0009, 0x000d },
	{ 0x0020, 0x0020 },
	{ 0x0085, 0x0085 },
	{ 0x00a0, 0x00a0 },
	{ 0x1680, 0x1680 },
	{ 0x2000, 0x200b },
	{ 0x2028, 0x2029 },
	{ 0x202f, 0x202f },
	{ 0x205f, 0x205f },
	{ 0x3000, 0x3000 },
};

/* RFC 3629, section 4, by the number of bytes: the bits that mark the first
 * byte, and the least character that needs so many. */
static const struct form {
	unsigned char mask, mark;
	uint32_t least;
} forms[] = {
	{ 0x80, 0x00, 0x0000 },
	{ 0xe0, 0xc0, 0x0080 },
	{ 0xf0, 0xe0, 0x0800 },
	{ 0xf8, 0xf0, 0x10000 },
};
/* clang-format on */

/* A number as its decimal digits: 0.DIGITS times ten to the `point`. */
struct decimal {
	char digits[DIGITS_MAX + 1];
	int count, point;
};

static size_t decode(const void *bytes, size_t length, uint32_t *character);
static bool is_control(uint32_t character);
static size_t space_length(const char *text);
static const char *skip_spaces(const char *text);
static char lower(char c);
static const char *skip_digits(const char *at);
static bool is_json_number(const char *text);
static void decimal_find(double number, struct decimal *decimal);
static void decimal_round(double number, int count, struct decimal *decimal);
static void decimal_next(struct decimal *decimal);
static double decimal_value(const struct decimal *decimal);
static void decimal_write(const struct decimal *decimal, struct buf *buf);
static void add_zeros(struct buf *buf, int count);
static size_t distance(const char *a, const char *b);

bool
text_is_utf8(const void *bytes, size_t length)
{
	const char *at = bytes;
	uint32_t character;
	size_t taken;

	for (; length > 0; at += taken, length -= taken) {
		taken = decode(at, length, &character);
		if (taken == 0)
			return false;
	}
	return true;
}

bool
text_is_clean(const void *bytes, size_t length)
{
	const char *at = bytes;
	uint32_t character;
	size_t taken;

	for (; length > 0; at += taken, length -= taken) {
		taken = decode(at, length, &character);
		if (taken == 0 || is_control(character))
			return false;
	}
	return true;
}

size_t
text_length(const char *text)
{
	size_t length = 0;

	for (; *text != '\0'; text++)
		length += ((unsigned char)*text & 0xc0) != 0x80;
	return length;
}

bool
text_is_blank(const char *text)
{
	return *skip_spaces(text) == '\0';
}

bool
text_equal(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

bool
text_equal_nocase(const char *a, const char *b)
{
	while (*a != '\0' && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return *a == '\0' && *b == '\0';
}

bool
text_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool
text_starts_nocase(const char *text, const char *prefix)
{
	while (*prefix != '\0' && lower(*text) == lower(*prefix)) {
		text++;
		prefix++;
	}
	return *prefix == '\0';
}

bool
text_ends(const char *text, const char *suffix)
{
	size_t length = strlen(text), end = strlen(suffix);

	return length >= end && strcmp(text + length - end, suffix) == 0;
}

enum outcome
text_to_integer(const char *text, int64_t *value)
{
	bool negative = *text == '-';
	int64_t number = 0;
	const char *at = text + negative;

	if (*at == '\0' || *skip_digits(at) != '\0')
		return INVALID;
	/* Downwards, as there is one more number on that side. */
	for (; *at != '\0'; at++) {
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_sub_overflow(number, *at - '0', &number))
			return INVALID;
	}
	if (!negative && __builtin_sub_overflow(0, number, &number))
		return INVALID;
	*value = number;
	return OK;
}

enum outcome
text_to_number(const char *text, double *value)
{
	double number;

	if (!is_json_number(text))
		return INVALID;
	number = strtod(text, NULL);
	if (!isfinite(number))
		return INVALID;
	*value = number;
	return OK;
}

enum outcome
text_to_boolean(const char *text, bool *value)
{
	bool yes = text_equal(text, "true");

	if (!yes && !text_equal(text, "false"))
		return INVALID;
	*value = yes;
	return OK;
}

const char *
text_from_number(struct arena *arena, double number)
{
	struct decimal decimal;
	struct buf buf;

	assert(isfinite(number));
	buf_init(&buf, arena, NUMBER_MAX);
	if (number < 0)
		buf_add_char(&buf, '-');
	if (number == 0) {
		buf_add_char(&buf, '0');
	} else {
		decimal_find(fabs(number), &decimal);
		decimal_write(&decimal, &buf);
	}
	assert(buf_ok(&buf));
	return buf_text(&buf);
}

const char *
text_trim(struct arena *arena, const char *text)
{
	const char *at, *end;
	size_t space;

	text = skip_spaces(text);
	for (at = end = text; *at != '\0'; at += space > 0 ? space : 1) {
		space = space_length(at);
		if (space == 0)
			end = at + 1;
	}
	return arena_copy(arena, text, (size_t)(end - text));
}

const char **
text_split(struct arena *arena, const char *text, char separator)
{
	size_t count = 0, room = 2, length;
	const char **parts, *at, *part;

	for (at = text; *at != '\0'; at++)
		room += *at == separator;
	parts = arena_alloc(arena, room * sizeof(*parts));
	for (at = text;; at += length + 1) {
		length = strcspn(at, (char[]){ separator, '\0' });
		part = text_trim(arena, arena_copy(arena, at, length));
		if (*part != '\0')
			parts[count++] = part;
		if (at[length] == '\0')
			break;
	}
	parts[count] = NULL;
	return parts;
}

const char *
text_nearest(const char *word, const char *const *words)
{
	size_t length = strlen(word), best = length / 3 + 1, edits;
	const char *nearest = NULL;

	if (length > WORD_MAX)
		return NULL;
	for (; *words != NULL; words++) {
		if (strlen(*words) > WORD_MAX)
			continue;
		edits = distance(word, *words);
		if (edits < best) {
			best = edits;
			nearest = *words;
		}
	}
	return nearest;
}

/* The character that begins here; returns its bytes, or 0 when none does. */
static size_t
decode(const void *bytes, size_t length, uint32_t *character)
{
	const unsigned char *at = bytes;
	size_t size = 0, i;
	uint32_t value;

	while (size < COUNT(forms) &&
	       (at[0] & forms[size].mask) != forms[size].mark)
		size++;
	if (size == COUNT(forms) || size >= length)
		return 0;
	value = at[0] & (unsigned char)~forms[size].mask;
	for (i = 1; i <= size; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (at[i] & 0x3f);
	}
	if (value < forms[size].least || value > 0x10ffff ||
	    (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*character = value;
	return size + 1;
}

/* The control characters of ASCII.  Those of ISO 6429 (U+0080 to U+009F)
 * pass: they do nothing in UTF-8 text, and real messages contain them, from
 * senders who took Windows-1252 for Latin-1. */
static bool
is_control(uint32_t character)
{
	if (character == '\t' || character == '\n' || character == '\r')
		return false;
	return character < 0x20 || character == 0x7f;
}

/* The bytes of the white space character that begins here, or 0. */
static size_t
space_length(const char *text)
{
	uint32_t character;
	size_t size, i;

	if (*text > ' ' && *text < 0x7f)
		return 0;
	size = decode(text, strnlen(text, 4), &character);
	for (i = 0; size > 0 && i < COUNT(spaces); i++) {
		if (character >= spaces[i].first && character <= spaces[i].last)
			return size;
	}
	return 0;
}

static const char *
skip_spaces(const char *text)
{
	size_t space = space_length(text);

	while (space > 0) {
		text += space;
		space = space_length(text);
	}
	return text;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static const char *
skip_digits(const char *at)
{
	while (*at >= '0' && *at <= '9')
		at++;
	return at;
}

/* RFC 8259, section 6. */
static bool
is_json_number(const char *text)
{
	const char *at = text + (*text == '-'), *digits = at;

	at = skip_digits(at);
	if (at == digits || (*digits == '0' && at > digits + 1))
		return false;
	if (*at == '.') {
		digits = at + 1;
		at = skip_digits(digits);
		if (at == digits)
			return false;
	}
	if (*at == 'e' || *at == 'E') {
		digits = at + 1 + (at[1] == '+' || at[1] == '-');
		at = skip_digits(digits);
		if (at == digits)
			return false;
	}
	return *at == '\0';
}

/* The fewest digits that read back as the number.  Above a power of two the
 * numbers lie twice as far apart as below it, so there the digits that are
 * nearest may miss while those after them do not. */
static void
decimal_find(double number, struct decimal *decimal)
{
	int count = number < DBL_MIN ? 1 : DIGITS_SURE;

	for (; count <= DIGITS_MAX; count++) {
		decimal_round(number, count, decimal);
		if (decimal_value(decimal) == number)
			break;
		decimal_next(decimal);
		if (decimal_value(decimal) == number)
			break;
	}
	assert(count <= DIGITS_MAX);
	while (decimal->count > 1 && decimal->digits[decimal->count - 1] == '0')
		decimal->digits[--decimal->count] = '\0';
}

static void
decimal_round(double number, int count, struct decimal *decimal)
{
	char text[NUMBER_MAX], *exponent;
	int length;

	/* "d.ddde-07", or "de-07". */
	length = snprintf(text, sizeof(text), "%.*e", count - 1, number);
	assert(length > 0 && length < NUMBER_MAX);
	exponent = strchr(text, 'e');
	assert(exponent != NULL);
	decimal->digits[0] = text[0];
	if (count > 1)
		memcpy(decimal->digits + 1, text + 2, (size_t)count - 1);
	decimal->digits[count] = '\0';
	decimal->count = count;
	decimal->point = (int)strtol(exponent + 1, NULL, 10) + 1;
}

/* One more in the last place. */
static void
decimal_next(struct decimal *decimal)
{
	int i = decimal->count - 1;

	while (i >= 0 && decimal->digits[i] == '9')
		decimal->digits[i--] = '0';
	if (i >= 0) {
		decimal->digits[i]++;
	} else {
		decimal->digits[0] = '1';
		decimal->point++;
	}
}

static double
decimal_value(const struct decimal *decimal)
{
	char text[NUMBER_MAX];
	int length;

	length = snprintf(
	    text, sizeof(text), "0.%se%d", decimal->digits, decimal->point);
	assert(length > 0 && length < NUMBER_MAX);
	return strtod(text, NULL);
}

/* ECMA-262, Number::toString, steps 6 to 12. */
static void
decimal_write(const struct decimal *decimal, struct buf *buf)
{
	const char *digits = decimal->digits;
	int count = decimal->count, point = decimal->point;

	if (point > 21 || point <= -6) {
		buf_add(buf, digits, 1);
		if (count > 1)
			buf_add_format(buf, ".%s", digits + 1);
		buf_add_format(buf, "e%+d", point - 1);
	} else if (point >= count) {
		buf_add_text(buf, digits);
		add_zeros(buf, point - count);
	} else if (point > 0) {
		buf_add(buf, digits, (size_t)point);
		buf_add_format(buf, ".%s", digits + point);
	} else {
		buf_add_text(buf, "0.");
		add_zeros(buf, -point);
		buf_add_text(buf, digits);
	}
}

static void
add_zeros(struct buf *buf, int count)
{
	while (count-- > 0)
		buf_add_char(buf, '0');
}

/* Levenshtein's: bytes put in, taken out or changed.  One row of his table
 * is kept; `diagonal` is what stood up and to the left. */
static size_t
distance(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1], length = strlen(b), i, j, above, diagonal;

	for (j = 0; j <= length; j++)
		row[j] = j;
	for (i = 0; a[i] != '\0'; i++) {
		diagonal = row[0];
		row[0] = i + 1;
		for (j = 0; j < length; j++) {
			above = row[j + 1];
			diagonal += a[i] != b[j];
			if (above + 1 < diagonal)
				diagonal = above + 1;
			if (row[j] + 1 < diagonal)
				diagonal = row[j] + 1;
			row[j + 1] = diagonal;
			diagonal = above;
		}
	}
	return row[length];
}
