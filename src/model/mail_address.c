#include "base/base.h"

#include "model/mail_address.h"

#include "base/arena.h"
#include "base/text.h"

#include <string.h>

#define LOCAL_MOST 64 /* RFC 5321, section 4.5.3.1.1 */
#define LABEL_MOST 63 /* RFC 1035, section 2.3.4 */
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
/* RFC 5322, section 3.2.3. */
#define ATEXT LETTERS DIGITS "!#$%&'*+-/=?^_`{|}~"

const struct text_rule mail_address_rule = {
	mail_address_is_valid,
	"a plain email address such as ada@example.com",
};

/* Beginnings of what is before the "@". */
static const char *const robots[] = { "no-reply", "noreply", "no_reply",
	"do-not-reply", "donotreply", "do_not_reply", "mailer-daemon",
	"mailerdaemon", "postmaster", "bounce", "bounces", "auto-reply",
	"autoreply", "daemon" };

static bool
is_dot_atom(const char *text, size_t length)
{
	size_t i;

	if (length == 0 || text[0] == '.' || text[length - 1] == '.')
		return false;
	for (i = 0; i < length; i++) {
		if (text[i] == '.' ? text[i + 1] == '.'
				   : strchr(ATEXT, text[i]) == NULL)
			return false;
	}
	return true;
}

/* Labels of letters, digits and inner hyphens. */
static bool
is_domain(const char *text)
{
	size_t length;

	for (;; text += length + 1) {
		length = strspn(text, LETTERS DIGITS "-");
		if (length == 0 || length > LABEL_MOST || text[0] == '-' ||
		    text[length - 1] == '-')
			return false;
		if (text[length] == '\0')
			return true;
		if (text[length] != '.')
			return false;
	}
}

bool
mail_address_is_valid(const char *address)
{
	const char *at = strrchr(address, '@');
	size_t local;

	if (at == NULL || strlen(address) > MAIL_ADDRESS_MOST)
		return false;
	local = (size_t)(at - address);
	return local <= LOCAL_MOST && is_dot_atom(address, local) &&
	       is_domain(at + 1);
}

const char *
mail_address_key(struct arena *arena, const char *address)
{
	char *key = arena_text(arena, address);
	size_t i;

	for (i = 0; key[i] != '\0'; i++)
		if (key[i] >= 'A' && key[i] <= 'Z')
			key[i] = (char)(key[i] - 'A' + 'a');
	return key;
}

const char *
mail_address_domain(const char *address)
{
	const char *at = strrchr(address, '@');

	return at != NULL ? at + 1 : "";
}

bool
mail_address_is_robot(const char *address)
{
	const char *rest;
	size_t i;

	for (i = 0; i < COUNT(robots); i++) {
		if (!text_starts_nocase(address, robots[i]))
			continue;
		rest = address + strlen(robots[i]);
		if (*rest != '\0' && strchr("@+-_.=", *rest) != NULL)
			return true;
	}
	return false;
}

const char *
mail_address_base(struct arena *arena, const char *address)
{
	const char *plus = strchr(address, '+');
	const char *at = strrchr(address, '@');

	if (plus == NULL || at == NULL || plus > at || plus == address)
		return address;
	return arena_format(
	    arena, "%.*s%s", (int)(plus - address), address, at);
}
