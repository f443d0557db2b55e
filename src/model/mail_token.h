/*
 * The token of a one-click unsubscribe (RFC 8058): it names a conversation,
 * whose user's address is meant, and is signed under the deployment's key,
 * so that nobody can unsubscribe others by guessing.  Neither an address nor
 * anything secret can be read from it.
 */
#ifndef PARLEY_MODEL_MAIL_TOKEN_H
#define PARLEY_MODEL_MAIL_TOKEN_H

#include "base/base.h"
#include "base/id.h"

struct arena;

/* Hexadecimal digits: fit for a path. */
const char *mail_token(struct arena *arena, const unsigned char *key,
    const struct id *account, const struct id *conversation);

/* Reads and verifies it, in constant time.  INVALID. */
enum outcome mail_token_read(const unsigned char *key, const char *token,
    struct id *account, struct id *conversation) MUSTCHECK;

#endif
