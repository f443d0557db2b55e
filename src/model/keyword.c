#include "base/base.h"

#include "model/keyword.h"

#include "base/json.h"
#include "base/text.h"

#include <json-c/json.h>
#include <string.h>

#define WORD_MOST 16 /* bytes; longer texts are none */

/* clang-format off */
static const struct {
	const char *word;
	enum keyword keyword;
} words[] = {
	{ "STOP",        KEYWORD_STOP },
	{ "STOPALL",     KEYWORD_STOP },
	{ "STOP ALL",    KEYWORD_STOP },
	{ "UNSUBSCRIBE", KEYWORD_STOP },
	{ "CANCEL",      KEYWORD_STOP },
	{ "END",         KEYWORD_STOP },
	{ "QUIT",        KEYWORD_STOP },
	{ "REVOKE",      KEYWORD_STOP },
	{ "OPTOUT",      KEYWORD_STOP },
	{ "OPT OUT",     KEYWORD_STOP },
	{ "OPT-OUT",     KEYWORD_STOP },
	{ "START",       KEYWORD_START },
	{ "YES",         KEYWORD_START },
	{ "UNSTOP",      KEYWORD_START },
	{ "HELP",        KEYWORD_HELP },
	{ "INFO",        KEYWORD_HELP },
};
/* clang-format on */

static bool
is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

enum keyword
keyword_of(const char *text)
{
	char word[WORD_MOST];
	size_t i, length;

	while (is_blank(*text))
		text++;
	length = strlen(text);
	while (length > 0 && is_blank(text[length - 1]))
		length--;
	while (
	    length > 0 && (text[length - 1] == '.' || text[length - 1] == '!'))
		length--;
	if (length == 0 || length >= sizeof(word))
		return KEYWORD_NONE;
	(void)memcpy(word, text, length);
	word[length] = '\0';
	for (i = 0; i < COUNT(words); i++)
		if (text_equal_nocase(word, words[i].word))
			return words[i].keyword;
	return KEYWORD_NONE;
}

/* Letters and digits of any script continue a word. */
static bool
is_letter(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= 'a' && byte <= 'z') || (byte & 0x80) != 0;
}

static bool
has_words(const char *text, const char *sought)
{
	size_t length = strlen(sought);
	const char *at;

	for (at = text; *at != '\0'; at++)
		if (text_starts_nocase(at, sought) &&
		    (at == text || !is_letter(at[-1])) &&
		    !is_letter(at[length]))
			return true;
	return false;
}

bool
keyword_ignores(struct arena *arena, const char *ignored, const char *text)
{
	struct json_object *list;
	struct json_fault fault;
	const char *sought;
	size_t i;

	if (ignored == NULL ||
	    json_parse(arena, ignored, strlen(ignored), &list, &fault) != OK)
		return false;
	for (i = 0; i < json_object_array_length(list); i++) {
		sought =
		    json_object_get_string(json_object_array_get_idx(list, i));
		if (sought != NULL && sought[0] != '\0' &&
		    has_words(text, sought))
			return true;
	}
	return false;
}
