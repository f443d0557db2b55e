#include "base/base.h"

#include "base/hmac.h"

#include "base/arena.h"
#include "base/log.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

const char *
hmac_sha1_base64(struct arena *arena, const void *key, size_t key_length,
    const void *bytes, size_t length)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	char *text;

	assert(key_length <= INT_MAX);
	if (HMAC(EVP_sha1(), key, (int)key_length, bytes, length, digest,
		&size) == NULL) {
		log_fault("libcrypto failed: HMAC-SHA1");
		abort();
	}
	text = arena_alloc(arena, (size + 2) / 3 * 4 + 1);
	(void)EVP_EncodeBlock((unsigned char *)text, digest, (int)size);
	return text;
}
