/*
 * Vectors of RFC 2202, section 3, as base64.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/hmac.h"

#include "tap.h"

int
main(void)
{
	struct arena *arena = arena_new();
	unsigned char key[80], data[50];

	(void)memset(key, 0x0b, 20);
	is_text(hmac_sha1_base64(arena, key, 20, "Hi There", 8),
	    "thcxhlUFcmTii8C2+zeMjvFGvgA=", "the first vector holds");
	is_text(hmac_sha1_base64(
		    arena, "Jefe", 4, "what do ya want for nothing?", 28),
	    "7/zfauXrL6LSdBbV8YTfnCWafHk=", "the second vector holds");
	(void)memset(key, 0xaa, sizeof(key));
	(void)memset(data, 0xdd, sizeof(data));
	is_text(hmac_sha1_base64(arena, key, 20, data, sizeof(data)),
	    "El1zQrmsEc2Ro5r0iqF7T2PxddM=", "the third vector holds");
	is_text(
	    hmac_sha1_base64(arena, key, sizeof(key),
		"Test Using Larger Than Block-Size Key - Hash Key First", 54),
	    "qkrl4VJy0A6VcFY3zoo7Ve1AIRI=",
	    "a key that is longer than a block is hashed first");
	arena_free(arena);
	return done();
}
