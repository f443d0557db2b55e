#include "base/base.h"

#include "model/words.h"

#include "base/arena.h"
#include "base/text.h"
#include "model/segment.h"

#include <string.h>
#include <strings.h>

#define MARK_MOST 32 /* bytes between "<|" and "|>" */
#define PERSON_LENGTH (sizeof(WORDS_PERSON) - 1)
#define ELLIPSIS "\xe2\x80\xa6"
#define STOP "\xe3\x80\x82" /* ideographic full stop */
#define STOP_LENGTH (sizeof(STOP) - 1)

static size_t mark_length(const char *text);
static size_t pause_length(const char *text);
static size_t breath_length(const char *text);
static bool is_dropped(char c);
static size_t fitting(
    struct arena *arena, const char *text, size_t most, int64_t max_segments);
static size_t good_end(const char *text, size_t most);
static bool is_space(char c);
static bool ends_sentence(const char *text, size_t at);
static size_t next_character(const char *text, size_t at);
static size_t to_character(const char *text, size_t length);

const char *
words_clean(struct arena *arena, const char *text)
{
	char *made = arena_alloc(arena, strlen(text) + 1), *end = made;
	size_t mark;

	while (*text != '\0') {
		mark = mark_length(text);
		if (mark == 0) {
			if (!is_dropped(*text))
				*end++ = *text;
			text++;
			continue;
		}
		text += mark;
		if (*text == ' ' && (end == made || is_space(end[-1])))
			text++;
	}
	*end = '\0';
	return words_unmarked(arena, made);
}

/* The mark is looked for at the end of what is kept, so one whose halves
 * come together is found as well. */
const char *
words_unmarked(struct arena *arena, const char *text)
{
	char *made = arena_alloc(arena, strlen(text) + 1), *end = made;

	for (; *text != '\0'; text++) {
		*end++ = *text;
		if ((size_t)(end - made) < PERSON_LENGTH ||
		    strncasecmp(
			end - PERSON_LENGTH, WORDS_PERSON, PERSON_LENGTH) != 0)
			continue;
		end -= PERSON_LENGTH;
		if (text[1] == ' ' && (end == made || end[-1] == ' '))
			text++;
	}
	*end = '\0';
	return made;
}

const char *
words_fit(struct arena *arena, const char *text, size_t most,
    int64_t max_segments, bool *cut)
{
	size_t fits = fitting(arena, text, most, max_segments);

	*cut = text[fits] != '\0';
	if (!*cut)
		return text;
	return arena_copy(arena, text, good_end(text, fits));
}

const char *
words_cut(struct arena *arena, const char *text, size_t most)
{
	size_t length = strnlen(text, most + 1);

	if (length <= most)
		return text;
	return arena_copy(arena, text, to_character(text, most));
}

static size_t
mark_length(const char *text)
{
	if (*text == '<')
		return pause_length(text);
	return *text == '[' ? breath_length(text) : 0;
}

/* <|0.8|>, and what else models end their turns with: <|im_end|>. */
static size_t
pause_length(const char *text)
{
	static const char inside[] = "abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789._- ";
	size_t length;

	if (text[1] != '|')
		return 0;
	length = strspn(text + 2, inside);
	if (length == 0 || length > MARK_MOST)
		return 0;
	return strncmp(text + 2 + length, "|>", 2) == 0 ? length + 4 : 0;
}

/* [....], of two points at least, or of an ellipsis. */
static size_t
breath_length(const char *text)
{
	size_t length = 1, points = 0;

	for (;;) {
		if (text[length] == '.') {
			points++;
			length++;
		} else if (text_starts(text + length, ELLIPSIS)) {
			points += 2;
			length += sizeof(ELLIPSIS) - 1;
		} else
			break;
	}
	return points >= 2 && text[length] == ']' ? length + 1 : 0;
}

static bool
is_dropped(char c)
{
	unsigned char byte = (unsigned char)c;

	if (c == '\t' || c == '\n' || c == '\r')
		return false;
	return byte < 0x20 || byte == 0x7f;
}

/* The bytes at the start that fit.  More text never takes fewer segments,
 * so this can halve its way; `room` is a copy to put a NUL into. */
static size_t
fitting(
    struct arena *arena, const char *text, size_t most, int64_t max_segments)
{
	size_t length = strlen(text), count = 0, least = 0, middle, *ends;
	char *room = arena_copy(arena, text, length), kept;
	int encoding;

	if (length < most)
		most = length;
	ends = arena_alloc(arena, (most + 1) * sizeof(*ends));
	for (ends[0] = 0; count < most && text[ends[count]] != '\0'; count++)
		ends[count + 1] = next_character(text, ends[count]);
	most = count;
	while (max_segments > 0 && least < most) {
		middle = most - (most - least) / 2;
		kept = room[ends[middle]];
		room[ends[middle]] = '\0';
		if (segment_count(room, &encoding) <= max_segments)
			least = middle;
		else
			most = middle - 1;
		room[ends[middle]] = kept;
	}
	return ends[most];
}

/* Where a text that fits no further than `most` is best ended. */
static size_t
good_end(const char *text, size_t most)
{
	size_t i, space = 0, sentence = 0, end;

	for (i = 1; i <= most; i++) {
		if (is_space(text[i]))
			space = i;
		if (ends_sentence(text, i))
			sentence = i;
	}
	end = sentence > 0 && sentence >= most / 2 ? sentence : space;
	while (end > 0 && is_space(text[end - 1]))
		end--;
	return end > 0 ? end : most;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\n';
}

/* Does one end right before this? */
static bool
ends_sentence(const char *text, size_t at)
{
	if (text[at] == '\n')
		return true;
	if (text[at] == ' ')
		return strchr(".!?", text[at - 1]) != NULL;
	return at >= STOP_LENGTH && text_starts(text + at - STOP_LENGTH, STOP);
}

static size_t
next_character(const char *text, size_t at)
{
	do
		at++;
	while (((unsigned char)text[at] & 0xc0) == 0x80);
	return at;
}

static size_t
to_character(const char *text, size_t length)
{
	while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	return length;
}
