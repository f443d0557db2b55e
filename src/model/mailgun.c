#include "base/base.h"

#include "model/mailgun.h"

#include "base/arena.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/when.h"

#include <string.h>

bool
mailgun_is_signed(struct arena *arena, const char *key,
    const struct mailgun_signature *signature)
{
	unsigned char wanted[SECRET_DIGEST], given[SECRET_DIGEST];
	const char *text;

	if (signature->timestamp == NULL || signature->token == NULL ||
	    signature->signature == NULL || signature->token[0] == '\0' ||
	    secret_unhex(signature->signature, given, sizeof(given)) != OK)
		return false;
	text =
	    arena_format(arena, "%s%s", signature->timestamp, signature->token);
	secret_hmac(key, strlen(key), text, strlen(text), wanted);
	return secret_equal(wanted, given, sizeof(wanted));
}

bool
mailgun_is_fresh(const struct mailgun_signature *signature, int64_t now)
{
	int64_t seconds;

	if (signature->timestamp == NULL ||
	    text_to_integer(signature->timestamp, &seconds) != OK)
		return false;
	now /= WHEN_SECOND;
	return seconds > now - MAILGUN_FRESH && seconds < now + MAILGUN_FRESH;
}
