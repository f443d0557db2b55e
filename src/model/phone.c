#include "base/base.h"

#include "model/phone.h"

#include "base/arena.h"

#include <string.h>

#define DIGITS_LEAST 8
#define DIGITS_MOST 15

bool
phone_is_e164(const char *text)
{
	size_t digits;

	if (text[0] != '+' || text[1] == '0')
		return false;
	digits = strspn(text + 1, "0123456789");
	return text[1 + digits] == '\0' && digits >= DIGITS_LEAST &&
	       digits <= DIGITS_MOST;
}

const char *
phone_plain(struct arena *arena, const char *text)
{
	char *plain = arena_text(arena, text), *to = plain;

	for (; *text != '\0'; text++)
		if (strchr(" ()-./", *text) == NULL)
			*to++ = *text;
	*to = '\0';
	return plain;
}
