#include "base/base.h"

#include "model/twiml.h"

#include "base/arena.h"
#include "base/text.h"

#include <string.h>

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
#define TAIL "</Response>"
/* Past it nothing more is said, so that the verbs that follow have room. */
#define SAID_MOST (TWIML_MOST / 2)

struct attribute {
	const char *name;
	const char *value; /* NULL: it is left out */
};

/* How a byte is written that XML has a meaning for. */
struct escape {
	char byte;
	const char *text;
};

static const struct escape in_text[] = {
	{ '&', "&amp;" },
	{ '<', "&lt;" },
	{ '>', "&gt;" },
	{ '\r', "&#xD;" },
	{ '\0', NULL },
};

/* What is not escaped there would be read as a space. */
static const struct escape in_attribute[] = {
	{ '&', "&amp;" },
	{ '<', "&lt;" },
	{ '"', "&quot;" },
	{ '\t', "&#x9;" },
	{ '\n', "&#xA;" },
	{ '\r', "&#xD;" },
	{ '\0', NULL },
};

/* How many bytes stand here that are no Char: controls, U+FFFE, U+FFFF. */
static size_t
no_char(const char *text)
{
	unsigned char c = (unsigned char)text[0];

	if (c < ' ' && c != '\t' && c != '\n' && c != '\r')
		return 1;
	return strncmp(text, "\xEF\xBF\xBE", 3) == 0 ||
		       strncmp(text, "\xEF\xBF\xBF", 3) == 0
		   ? 3
		   : 0;
}

static void
add_char(struct buf *buf, char c, const struct escape *escapes)
{
	while (escapes->text != NULL && escapes->byte != c)
		escapes++;
	if (escapes->text != NULL)
		buf_add_text(buf, escapes->text);
	else
		buf_add_char(buf, c);
}

static void
add_escaped(struct buf *buf, const char *text, size_t length,
    const struct escape *escapes)
{
	const char *end = text + length;
	size_t skipped;

	while (text < end) {
		skipped = no_char(text);
		if (skipped == 0)
			add_char(buf, *text++, escapes);
		text += skipped;
	}
}

static void
open_verb(struct buf *buf, const char *verb, const struct attribute *attributes)
{
	buf_add_format(buf, "<%s", verb);
	for (; attributes->name != NULL; attributes++) {
		if (attributes->value == NULL)
			continue;
		buf_add_format(buf, " %s=\"", attributes->name);
		add_escaped(buf, attributes->value, strlen(attributes->value),
		    in_attribute);
		buf_add_char(buf, '"');
	}
}

static void
add_verb(struct twiml *twiml, const char *verb,
    const struct attribute *attributes, const char *text, size_t length)
{
	struct buf *buf = &twiml->buf;

	buf_add_text(buf, twiml->is_empty ? ">" : "");
	twiml->is_empty = false;
	open_verb(buf, verb, attributes);
	if (length == 0) {
		buf_add_text(buf, "/>");
		return;
	}
	buf_add_char(buf, '>');
	add_escaped(buf, text, length, in_text);
	buf_add_format(buf, "</%s>", verb);
}

static const char *
seconds_text(struct arena *arena, int64_t seconds)
{
	return seconds > 0 ? arena_format(arena, "%lld", (long long)seconds)
			   : NULL;
}

void
twiml_begin(struct twiml *twiml, struct arena *arena)
{
	twiml->is_empty = false;
	buf_init(&twiml->buf, arena, TWIML_MOST);
	buf_add_text(&twiml->buf, HEAD "<Response>");
}

/* How many bytes go into one <Say>: to a space, and in no case to the middle
 * of a character. */
static size_t
part_of(const char *text)
{
	size_t length = strlen(text), cut = TWIML_SAY_MOST;

	if (length <= TWIML_SAY_MOST)
		return length;
	while (cut > 0 && text[cut] != ' ' && text[cut] != '\n')
		cut--;
	if (cut > 0)
		return cut;
	cut = TWIML_SAY_MOST;
	while (((unsigned char)text[cut] & 0xC0) == 0x80)
		cut--;
	return cut;
}

void
twiml_say(
    struct twiml *twiml, const struct twiml_voice *voice, const char *text)
{
	const struct attribute attributes[] = {
		{ "voice", voice->name },
		{ "language", voice->language },
		{ NULL, NULL },
	};
	size_t part;

	while (!text_is_blank(text) && twiml->buf.length < SAID_MOST) {
		part = part_of(text);
		add_verb(twiml, "Say", attributes, text, part);
		text += part;
	}
}

void
twiml_open_gather(struct twiml *twiml, const struct twiml_gather *gather)
{
	const char *speech = gather->speech_timeout;
	const struct attribute attributes[] = {
		{ "input", "speech dtmf" },
		{ "action", gather->action },
		{ "actionOnEmptyResult", "true" },
		{ "timeout", seconds_text(twiml->buf.arena, gather->timeout) },
		{ "speechTimeout", speech != NULL ? speech : "auto" },
		{ "language", gather->language },
		{ "bargeIn", gather->is_patient ? "false" : "true" },
		{ NULL, NULL },
	};

	open_verb(&twiml->buf, "Gather", attributes);
	twiml->is_empty = true;
}

void
twiml_close_gather(struct twiml *twiml)
{
	buf_add_text(&twiml->buf, twiml->is_empty ? "/>" : "</Gather>");
	twiml->is_empty = false;
}

void
twiml_pause(struct twiml *twiml, int64_t seconds)
{
	const struct attribute attributes[] = {
		{ "length", seconds_text(twiml->buf.arena, seconds) },
		{ NULL, NULL },
	};

	add_verb(twiml, "Pause", attributes, "", 0);
}

void
twiml_redirect(struct twiml *twiml, const char *url)
{
	const struct attribute attributes[] = { { NULL, NULL } };

	add_verb(twiml, "Redirect", attributes, url, strlen(url));
}

void
twiml_dial(struct twiml *twiml, const char *caller, const char *number)
{
	const struct attribute attributes[] = {
		{ "callerId", caller },
		{ NULL, NULL },
	};

	add_verb(twiml, "Dial", attributes, number, strlen(number));
}

void
twiml_hang_up(struct twiml *twiml)
{
	buf_add_text(&twiml->buf, "<Hangup/>");
}

const char *
twiml_end(struct twiml *twiml)
{
	buf_add_text(&twiml->buf, TAIL);
	assert(buf_ok(&twiml->buf));
	return buf_text(&twiml->buf);
}
