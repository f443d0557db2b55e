#include "base/base.h"

#include "api/mail_provider.h"

#include "api/call.h"
#include "base/arena.h"
#include "base/secret.h"
#include "base/text.h"
#include "model/carrier.h"
#include "model/mailgun.h"

#include <string.h>

/* The password of "Basic base64(user:password)" (RFC 7617). */
static bool
has_password(struct call *call, const char *password)
{
	const char *header = call->request.authorization, *given;
	unsigned char *bytes, one[SECRET_DIGEST], other[SECRET_DIGEST];
	size_t length;

	if (header == NULL || !text_starts_nocase(header, "Basic ") ||
	    secret_unbase64(call->arena,
		text_trim(call->arena, header + strlen("Basic ")), &bytes,
		&length) != OK)
		return false;
	given = memchr(bytes, ':', length);
	if (given == NULL)
		return false;
	given++;
	secret_digest(
	    given, length - (size_t)(given - (const char *)bytes), one);
	secret_digest(password, strlen(password), other);
	return secret_equal(one, other, sizeof(one));
}

static bool
is_verified(struct call *call, const char *public_key)
{
	const struct request *request = &call->request;
	const char *signed_bytes;
	size_t before;

	if (public_key == NULL || request->mail_signature == NULL ||
	    request->mail_timestamp == NULL)
		return false;
	before = strlen(request->mail_timestamp);
	signed_bytes =
	    arena_alloc(call->arena, before + request->body_length + 1);
	(void)memcpy((char *)signed_bytes, request->mail_timestamp, before);
	(void)memcpy(
	    (char *)signed_bytes + before, request->body, request->body_length);
	return secret_is_signed(call->arena, public_key,
	    request->mail_signature, signed_bytes,
	    before + request->body_length);
}

bool
mail_provider_is(struct call *call, const struct mailgun_signature *signature,
    const struct carrier *carrier)
{
	const unsigned char *key = call->server->secret_key;
	const char *secret;

	if (is_verified(call, carrier->verification_key))
		return true;
	if (key == NULL || carrier->signing_sealed == NULL ||
	    secret_open(call->arena, key,
		carrier_signing_context(call->arena, carrier),
		carrier->signing_sealed, &secret) != OK)
		return false;
	return mailgun_is_signed(call->arena, secret, signature) ||
	       has_password(call, secret);
}
