#include "base/base.h"

#include "model/mail_token.h"

#include "base/secret.h"

#include <string.h>

/* What this signature is for, so that no other of the same key is one. */
static const char purpose[] = "parley unsubscribe 1";

struct token {
	struct id account, conversation;
	unsigned char signature[SECRET_DIGEST];
};

static void
sign(const unsigned char *key, struct token *token)
{
	unsigned char bytes[sizeof(purpose) + 2 * ID_BYTES];

	(void)memcpy(bytes, purpose, sizeof(purpose));
	(void)memcpy(bytes + sizeof(purpose), token->account.bytes, ID_BYTES);
	(void)memcpy(bytes + sizeof(purpose) + ID_BYTES,
	    token->conversation.bytes, ID_BYTES);
	secret_hmac(key, SECRET_KEY, bytes, sizeof(bytes), token->signature);
}

const char *
mail_token(struct arena *arena, const unsigned char *key,
    const struct id *account, const struct id *conversation)
{
	struct token token = { *account, *conversation, { 0 } };

	sign(key, &token);
	return secret_hex(arena, &token, sizeof(token));
}

enum outcome
mail_token_read(const unsigned char *key, const char *text, struct id *account,
    struct id *conversation)
{
	struct token token, own;

	if (secret_unhex(text, &token, sizeof(token)) != OK)
		return INVALID;
	own = token;
	sign(key, &own);
	if (!secret_equal(own.signature, token.signature, SECRET_DIGEST))
		return INVALID;
	*account = token.account;
	*conversation = token.conversation;
	return OK;
}
