/*
 * Packing characters into segments, one after another: dividing the sum
 * would cut pairs.
 */
#include "base/base.h"

#include "model/segment.h"

/* A run of characters that take `places` each. */
struct run {
	uint32_t first, last;
	int places;
};

/* How an encoding fills a segment. */
struct packing {
	int (*places)(uint32_t character); /* 0: it has no such character */
	int64_t alone;                     /* places of the only segment */
	int64_t part; /* of one of several, which has a header as well */
};

static int gsm7_places(uint32_t character);
static int ucs2_places(uint32_t character);
static bool fits(const struct packing *packing, const char *text);
static int64_t pack(const struct packing *packing, const char *text);
static uint32_t take_character(const char **text);

static const char *const encoding_words[] = {
	[ENCODING_GSM7] = "GSM-7",
	[ENCODING_UCS2] = "UCS-2",
};
static_assert(COUNT(encoding_words) == ENCODING_N, "a word for every encoding");

const struct names encoding_names = NAMES(encoding_words);

/* clang-format off */
static const struct packing packings[] = {
	[ENCODING_GSM7] = { gsm7_places, 160, 153 },
	[ENCODING_UCS2] = { ucs2_places, 70,  67 },
};
static_assert(COUNT(packings) == ENCODING_N, "a packing for every encoding");

/* 3GPP TS 23.038, section 6.2.1: the default alphabet, and the extension
 * table, whose characters follow an escape.  By code point. */
static const struct run gsm7[] = {
	{ 0x000a, 0x000a, 1 }, /* line feed */
	{ 0x000c, 0x000c, 2 }, /* form feed */
	{ 0x000d, 0x000d, 1 }, /* carriage return */
	{ 0x0020, 0x005a, 1 }, /* space to Z */
	{ 0x005b, 0x005e, 2 }, /* [ \ ] ^ */
	{ 0x005f, 0x005f, 1 }, /* low line */
	{ 0x0061, 0x007a, 1 }, /* a to z */
	{ 0x007b, 0x007e, 2 }, /* { | } ~ */
	{ 0x00a1, 0x00a1, 1 }, /* inverted exclamation mark */
	{ 0x00a3, 0x00a5, 1 }, /* pound, currency, yen */
	{ 0x00a7, 0x00a7, 1 }, /* section */
	{ 0x00bf, 0x00bf, 1 }, /* inverted question mark */
	{ 0x00c4, 0x00c7, 1 }, /* A diaeresis, A ring, AE, C cedilla */
	{ 0x00c9, 0x00c9, 1 }, /* E acute */
	{ 0x00d1, 0x00d1, 1 }, /* N tilde */
	{ 0x00d6, 0x00d6, 1 }, /* O diaeresis */
	{ 0x00d8, 0x00d8, 1 }, /* O stroke */
	{ 0x00dc, 0x00dc, 1 }, /* U diaeresis */
	{ 0x00df, 0x00e0, 1 }, /* sharp s, a grave */
	{ 0x00e4, 0x00e6, 1 }, /* a diaeresis, a ring, ae */
	{ 0x00e8, 0x00e9, 1 }, /* e grave, e acute */
	{ 0x00ec, 0x00ec, 1 }, /* i grave */
	{ 0x00f1, 0x00f2, 1 }, /* n tilde, o grave */
	{ 0x00f6, 0x00f6, 1 }, /* o diaeresis */
	{ 0x00f8, 0x00f9, 1 }, /* o stroke, u grave */
	{ 0x00fc, 0x00fc, 1 }, /* u diaeresis */
	{ 0x0393, 0x0394, 1 }, /* Gamma, Delta */
	{ 0x0398, 0x0398, 1 }, /* Theta */
	{ 0x039b, 0x039b, 1 }, /* Lambda */
	{ 0x039e, 0x039e, 1 }, /* Xi */
	{ 0x03a0, 0x03a0, 1 }, /* Pi */
	{ 0x03a3, 0x03a3, 1 }, /* Sigma */
	{ 0x03a6, 0x03a6, 1 }, /* Phi */
	{ 0x03a8, 0x03a9, 1 }, /* Psi, Omega */
	{ 0x20ac, 0x20ac, 2 }, /* euro */
};
/* clang-format on */

int64_t
segment_count(const char *text, int *encoding)
{
	*encoding = fits(&packings[ENCODING_GSM7], text) ? ENCODING_GSM7
							 : ENCODING_UCS2;
	return pack(&packings[*encoding], text);
}

static int
gsm7_places(uint32_t character)
{
	size_t i;

	for (i = 0; i < COUNT(gsm7) && gsm7[i].first <= character; i++)
		if (character <= gsm7[i].last)
			return gsm7[i].places;
	return 0;
}

static int
ucs2_places(uint32_t character)
{
	return character > 0xffff ? 2 : 1;
}

static bool
fits(const struct packing *packing, const char *text)
{
	while (*text != '\0')
		if (packing->places(take_character(&text)) == 0)
			return false;
	return true;
}

static int64_t
pack(const struct packing *packing, const char *text)
{
	int64_t places = 0, used = 0, parts = 1;
	int wanted;

	while (*text != '\0') {
		wanted = packing->places(take_character(&text));
		places += wanted;
		if (used + wanted > packing->part) {
			parts++;
			used = 0;
		}
		used += wanted;
	}
	return places > packing->alone ? parts : places > 0;
}

/* RFC 3629, section 3.  That the text is valid was checked at the border;
 * were it not, this would still stop at its NUL. */
static uint32_t
take_character(const char **text)
{
	const unsigned char *at = (const unsigned char *)*text;
	uint32_t character = *at++;

	if (character >= 0xf0)
		character &= 0x07;
	else if (character >= 0xe0)
		character &= 0x0f;
	else if (character >= 0xc0)
		character &= 0x1f;
	for (; (*at & 0xc0) == 0x80; at++)
		character = character << 6 | (*at & 0x3f);
	*text = (const char *)at;
	return character;
}
