/*
 * Everything cryptographic, by OpenSSL's libcrypto.
 *
 * Secrets are compared in constant time, wiped after use and never logged.
 * What must be read again (a carrier's token) is sealed with AES-256-GCM
 * under the deployment's key file; what must only be recognised (an API
 * key) is kept as its SHA-256.
 */
#ifndef PARLEY_BASE_SECRET_H
#define PARLEY_BASE_SECRET_H

#include "base/base.h"

#define SECRET_KEY 32    /* bytes of the deployment's key */
#define SECRET_DIGEST 32 /* bytes of a SHA-256 */

struct arena;
struct buf;

/* Cryptographically random bytes; ends the process when there are none. */
void secret_random(void *bytes, size_t length);

/* `count` random bytes as lower-case hexadecimal digits. */
const char *secret_token(struct arena *arena, size_t count);

/* SHA-256 (FIPS 180-4). */
void secret_digest(
    const void *bytes, size_t length, unsigned char digest[SECRET_DIGEST]);

/* HMAC-SHA256 (RFC 2104) of the bytes under a key of any length. */
void secret_hmac(const void *key, size_t key_length, const void *bytes,
    size_t length, unsigned char digest[SECRET_DIGEST]);

/* Base64 with padding (RFC 4648, section 4), and back.  INVALID: white
 * space, missing padding, stray bits, or nothing at all. */
const char *secret_base64(
    struct arena *arena, const void *bytes, size_t length);
enum outcome secret_unbase64(struct arena *arena, const char *text,
    unsigned char **bytes, size_t *length) MUSTCHECK;

/* Is this an ECDSA signature over SHA-256 (FIPS 186-4; base64 of its DER) of
 * the bytes, by the public key (base64 of its SubjectPublicKeyInfo)? */
bool secret_is_signed(struct arena *arena, const char *public_key,
    const char *signature, const void *bytes, size_t length);

/* Constant time in the content. */
bool secret_equal(const void *a, const void *b, size_t length);

/* Overwrites; the compiler does not leave it out. */
void secret_wipe(void *bytes, size_t length);

/* Lower-case hexadecimal digits, and back.  INVALID when the text is not
 * exactly 2 * length digits. */
const char *secret_hex(struct arena *arena, const void *bytes, size_t length);
enum outcome secret_unhex(
    const char *text, void *bytes, size_t length) MUSTCHECK;

/* Reads the key file: 64 hexadecimal digits and an optional line feed, mode
 * 0600 or stricter, owned by root or by who runs this.  INVALID, with a
 * sentence for the operator in `why`. */
enum outcome secret_load(
    const char *path, unsigned char key[SECRET_KEY], struct buf *why) MUSTCHECK;

/* The key of the file at `path`, in the arena; NULL where the path is NULL or
 * the file is no such file, which is logged: what needs the key then says
 * so, and everything else works. */
const unsigned char *secret_configured(struct arena *arena, const char *path);

/* Makes such a file with a new key; never overwrites one.  CONFLICT when
 * it exists, INVALID when it cannot be made; both with `why`. */
enum outcome secret_create(const char *path, struct buf *why) MUSTCHECK;

/* Seals a text.  The result is "v1." and base64 (RFC 4648) of a random
 * 96-bit nonce, the ciphertext and the 128-bit tag.  `context` (for
 * instance the row's id) is authenticated: a sealed text that is moved to
 * another row does not open. */
const char *secret_seal(struct arena *arena,
    const unsigned char key[SECRET_KEY], const char *context, const char *text);

/* Opens it again.  INVALID when the key, the context or a byte differs. */
enum outcome secret_open(struct arena *arena,
    const unsigned char key[SECRET_KEY], const char *context,
    const char *sealed, const char **text) MUSTCHECK;

#endif
