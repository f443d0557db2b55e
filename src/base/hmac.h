/*
 * Keyed digests (RFC 2104) as base64 (RFC 4648): what providers sign their
 * calls with.
 */
#ifndef PARLEY_BASE_HMAC_H
#define PARLEY_BASE_HMAC_H

#include "base/base.h"

struct arena;

/* Over SHA-1, which is as good as any here: what is known of its weakness
 * does not touch HMAC (RFC 6194, section 3). */
const char *hmac_sha1_base64(struct arena *arena, const void *key,
    size_t key_length, const void *bytes, size_t length);

#endif
