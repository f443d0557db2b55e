/*
 * Segments: which encoding a text needs, and where its segments end.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/buf.h"
#include "model/segment.h"

#include <stdlib.h>

#include "tap.h"

#define TEXT_MOST 4096

#define EURO "\xe2\x82\xac"
#define EMOJI "\xf0\x9f\x98\x80"
#define KEYCAP "1\xef\xb8\x8f\xe2\x83\xa3"
#define ACUTE_A "\xc3\xa1" /* not in the alphabet, as "a grave" is */

/* A text is `head` times `head_count`, then `tail` times `tail_count`. */
struct sample {
	const char *head;
	int head_count;
	const char *tail;
	int tail_count;
	int64_t segments;
	const char *encoding;
	const char *name;
};

/* clang-format off */
static const struct sample samples[] = {
	{ "", 0, "", 0,           0, "GSM-7", "nothing" },
	{ "a", 1, "", 0,          1, "GSM-7", "one letter" },
	{ "a", 160, "", 0,        1, "GSM-7", "160 letters" },
	{ "a", 161, "", 0,        2, "GSM-7", "161 letters" },
	{ "a", 306, "", 0,        2, "GSM-7", "twice 153 letters" },
	{ "a", 307, "", 0,        3, "GSM-7", "twice 153 letters and one" },
	{ "a", 459, "", 0,        3, "GSM-7", "thrice 153 letters" },
	{ "a", 1600, "", 0,      11, "GSM-7", "the longest message" },

	{ EURO, 1, "", 0,         1, "GSM-7", "a euro sign" },
	{ "a", 158, EURO, 1,      1, "GSM-7", "158 letters and a euro" },
	{ "a", 159, EURO, 1,      2, "GSM-7", "159 letters and a euro" },
	{ "[", 80, "", 0,         1, "GSM-7", "80 brackets" },
	{ "[", 81, "", 0,         2, "GSM-7", "81 brackets" },
	{ "[", 152, "", 0,        2, "GSM-7", "twice 76 brackets" },
	{ "[", 153, "", 0,        3, "GSM-7", "306 places in pairs" },
	{ "a[", 102, "", 0,       2, "GSM-7", "306 places that divide well" },
	{ "a", 152, "{", 5,       2, "GSM-7", "a pair on the first edge" },
	{ "a", 152, "{", 76,      2, "GSM-7", "that and as many as then fit" },
	{ "a", 152, "{", 77,      3, "GSM-7", "a pair on the edge of 306" },
	{ "a", 151, "{", 77,      2, "GSM-7", "a pair up to the first edge" },

	{ "`", 1, "", 0,          1, "UCS-2", "a backtick" },
	{ "\t", 1, "", 0,         1, "UCS-2", "a tab" },
	{ ACUTE_A, 70, "", 0,     1, "UCS-2", "70 units" },
	{ ACUTE_A, 71, "", 0,     2, "UCS-2", "71 units" },
	{ "a", 69, "`", 1,        1, "UCS-2", "69 letters and a backtick" },
	{ "a", 70, "`", 1,        2, "UCS-2", "70 letters and a backtick" },
	{ "a", 160, "`", 1,       3, "UCS-2", "160 letters and a backtick" },
	{ ACUTE_A, 134, "", 0,    2, "UCS-2", "twice 67 units" },
	{ ACUTE_A, 135, "", 0,    3, "UCS-2", "twice 67 units and one" },
	{ "[", 69, "`", 1,        1, "UCS-2", "brackets of one unit" },
	{ EURO, 69, "`", 1,       1, "UCS-2", "euro signs of one unit" },

	{ EMOJI, 1, "", 0,        1, "UCS-2", "an emoji" },
	{ EMOJI, 35, "", 0,       1, "UCS-2", "35 emoji" },
	{ EMOJI, 36, "", 0,       2, "UCS-2", "36 emoji" },
	{ EMOJI, 66, "", 0,       2, "UCS-2", "twice 33 emoji" },
	{ EMOJI, 67, "", 0,       3, "UCS-2", "134 units in pairs" },
	{ "a", 66, EMOJI, 33,     2, "UCS-2", "a surrogate pair on the edge" },
	{ "a", 66, EMOJI, 34,     3, "UCS-2", "a pair on the edge of 134" },
	{ "a", 65, EMOJI, 34,     2, "UCS-2", "a pair that ends at the edge" },
	{ KEYCAP, 23, "a", 1,     1, "UCS-2", "characters that join" },
	{ KEYCAP, 23, "a", 2,     2, "UCS-2", "71 units that join" },
	{ "\xef\xbf\xbf", 70, "", 0, 1, "UCS-2", "70 times U+FFFF" },
	{ "\xf0\x90\x80\x80", 36, "", 0, 2, "UCS-2", "36 times U+10000" },
};

/* The default alphabet in the order of 3GPP TS 23.038, without the escape,
 * and its extension table. */
static const char alphabet[] =
    "@\xc2\xa3$\xc2\xa5\xc3\xa8\xc3\xa9\xc3\xb9\xc3\xac\xc3\xb2\xc3\x87\n"
    "\xc3\x98\xc3\xb8\r\xc3\x85\xc3\xa5\xce\x94_\xce\xa6\xce\x93\xce\x9b"
    "\xce\xa9\xce\xa0\xce\xa8\xce\xa3\xce\x98\xce\x9e\xc3\x86\xc3\xa6"
    "\xc3\x9f\xc3\x89 !\"#\xc2\xa4%&'()*+,-./0123456789:;<=>?\xc2\xa1"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ\xc3\x84\xc3\x96\xc3\x91\xc3\x9c\xc2\xa7"
    "\xc2\xbf" "abcdefghijklmnopqrstuvwxyz\xc3\xa4\xc3\xb6\xc3\xb1\xc3\xbc"
    "\xc3\xa0";
static const char extension[] = "\f^{}\\[~]|" EURO;
/* clang-format on */

#define ALPHABET 127 /* characters */
#define EXTENSION 10

static void
test_sample(const struct sample *sample)
{
	struct arena *arena = arena_new();
	struct buf text;
	int encoding = -1, i;
	int64_t segments;

	buf_init(&text, arena, TEXT_MOST);
	for (i = 0; i < sample->head_count; i++)
		buf_add_text(&text, sample->head);
	for (i = 0; i < sample->tail_count; i++)
		buf_add_text(&text, sample->tail);
	if (!buf_ok(&text))
		abort();
	segments = segment_count(buf_text(&text), &encoding);
	is_int(segments, sample->segments, "%s: %d segments", sample->name,
	    (int)sample->segments);
	ok(encoding >= 0 && encoding < ENCODING_N &&
		strcmp(names_text(&encoding_names, encoding),
		    sample->encoding) == 0,
	    "%s: %s", sample->name, sample->encoding);
	arena_free(arena);
}

/* A character below U+10000 as UTF-8. */
static void
encode(uint32_t character, char text[4])
{
	int i = 0;

	if (character < 0x80) {
		text[i++] = (char)character;
	} else if (character < 0x800) {
		text[i++] = (char)(0xc0 | character >> 6);
		text[i++] = (char)(0x80 | (character & 0x3f));
	} else {
		text[i++] = (char)(0xe0 | character >> 12);
		text[i++] = (char)(0x80 | (character >> 6 & 0x3f));
		text[i++] = (char)(0x80 | (character & 0x3f));
	}
	text[i] = '\0';
}

/* Every character that there is below U+10000, each alone. */
static void
test_alphabet(void)
{
	int encoding, listed = 0, others = 0;
	uint32_t character;
	char text[4];

	for (character = 1; character < 0x10000; character++) {
		if (character >= 0xd800 && character <= 0xdfff)
			continue;
		encode(character, text);
		if (segment_count(text, &encoding) != 1)
			abort();
		if (encoding != ENCODING_GSM7)
			continue;
		if (strstr(alphabet, text) || strstr(extension, text))
			listed++;
		else
			others++;
	}
	is_int(listed, ALPHABET + EXTENSION,
	    "every character of the alphabet and its extension is GSM-7");
	is_int(others, 0, "no other character is GSM-7");
}

/* A text that fills a segment tells how much each character takes. */
static void
test_places(void)
{
	struct arena *arena = arena_new();
	struct buf text;
	int encoding;

	buf_init(&text, arena, TEXT_MOST);
	buf_add_text(&text, alphabet);
	buf_add_format(&text, "%0*d", 160 - ALPHABET, 0);
	is_int(segment_count(buf_text(&text), &encoding), 1,
	    "the whole alphabet takes a place for each character");
	buf_add_text(&text, "0");
	is_int(segment_count(buf_text(&text), &encoding), 2,
	    "and not less than a place");
	buf_init(&text, arena, TEXT_MOST);
	buf_add_text(&text, extension);
	buf_add_format(&text, "%0*d", 160 - 2 * EXTENSION, 0);
	is_int(segment_count(buf_text(&text), &encoding), 1,
	    "the extension takes two places for each character");
	buf_add_text(&text, "0");
	is_int(segment_count(buf_text(&text), &encoding), 2,
	    "and not less than two");
	if (!buf_ok(&text))
		abort();
	arena_free(arena);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < COUNT(samples); i++)
		test_sample(&samples[i]);
	test_alphabet();
	test_places();
	return done();
}
