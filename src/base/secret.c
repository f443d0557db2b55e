/*
 * libcrypto's calls fail only when memory is out or the library is broken;
 * then the process ends, for nothing sensible can be done without them.
 */
#include "base/base.h"

#include "base/secret.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WHY_MOST 1000

#define NONCE 12 /* bytes: NIST SP 800-38D, section 5.2.1.1 */
#define TAG 16
#define SEALED_MAX (INT_MAX / 4) /* so that no length leaves an int */

#define KEY_DIGITS ((size_t)2 * SECRET_KEY)

static const char seal_mark[] = "v1.";

static void must(bool worked, const char *what);

void
secret_random(void *bytes, size_t length)
{
	assert(length <= INT_MAX);
	must(RAND_bytes(bytes, (int)length) == 1, "random bytes");
}

const char *
secret_token(struct arena *arena, size_t count)
{
	unsigned char *bytes = arena_alloc(arena, count);
	const char *token;

	secret_random(bytes, count);
	token = secret_hex(arena, bytes, count);
	secret_wipe(bytes, count);
	return token;
}

void
secret_digest(
    const void *bytes, size_t length, unsigned char digest[SECRET_DIGEST])
{
	must(EVP_Digest(bytes, length, digest, NULL, EVP_sha256(), NULL) == 1,
	    "SHA-256");
}

void
secret_hmac(const void *key, size_t key_length, const void *bytes,
    size_t length, unsigned char digest[SECRET_DIGEST])
{
	assert(key_length <= INT_MAX);
	must(HMAC(EVP_sha256(), key, (int)key_length, bytes, length, digest,
		 NULL) != NULL,
	    "HMAC-SHA-256");
}

static EVP_PKEY *
public_key_of(struct arena *arena, const char *text)
{
	unsigned char *bytes;
	const unsigned char *at;
	size_t length;

	if (secret_unbase64(arena, text, &bytes, &length) != OK)
		return NULL;
	at = bytes;
	return d2i_PUBKEY(NULL, &at, (long)length);
}

bool
secret_is_signed(struct arena *arena, const char *public_key,
    const char *signature, const void *bytes, size_t length)
{
	EVP_PKEY *key = public_key_of(arena, public_key);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char *der;
	size_t size;
	bool good = false;

	assert(context != NULL);
	if (key != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
	    secret_unbase64(arena, signature, &der, &size) == OK)
		good = EVP_DigestVerifyInit(
			   context, NULL, EVP_sha256(), NULL, key) == 1 &&
		       EVP_DigestVerify(context, der, size, bytes, length) == 1;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return good;
}

bool
secret_equal(const void *a, const void *b, size_t length)
{
	return CRYPTO_memcmp(a, b, length) == 0;
}

void
secret_wipe(void *bytes, size_t length)
{
	OPENSSL_cleanse(bytes, length);
}

static void
write_hex(const unsigned char *bytes, size_t length, char *text)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < length; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 0xf];
	}
}

const char *
secret_hex(struct arena *arena, const void *bytes, size_t length)
{
	char *text = arena_alloc(arena, 2 * length + 1);

	write_hex(bytes, length, text);
	return text;
}

/* Of one hexadecimal digit, or -1. */
static int
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

enum outcome
secret_unhex(const char *text, void *bytes, size_t length)
{
	unsigned char *to = bytes;
	size_t i;

	if (strlen(text) != 2 * length)
		return INVALID;
	for (i = 0; i < 2 * length; i++) {
		if (digit_value(text[i]) == -1)
			return INVALID;
	}
	for (i = 0; i < length; i++)
		to[i] = (unsigned char)(digit_value(text[2 * i]) << 4 |
					digit_value(text[2 * i + 1]));
	return OK;
}

const char *
secret_base64(struct arena *arena, const void *bytes, size_t length)
{
	char *text;

	assert(length <= SEALED_MAX);
	text = arena_alloc(arena, (length + 2) / 3 * 4 + 1);
	(void)EVP_EncodeBlock((unsigned char *)text, bytes, (int)length);
	return text;
}

/* Base64 without white space, with all its padding, and with zeros in the
 * bits that are left over: what is encoded again must be the same text. */
enum outcome
secret_unbase64(struct arena *arena, const char *text, unsigned char **bytes,
    size_t *length)
{
	size_t digits = strlen(text), padding = 0;
	unsigned char *decoded, *again;
	int count;

	if (digits == 0 || digits % 4 != 0 || digits > SEALED_MAX)
		return INVALID;
	while (padding < 2 && text[digits - 1 - padding] == '=')
		padding++;
	decoded = arena_alloc(arena, digits / 4 * 3);
	count =
	    EVP_DecodeBlock(decoded, (const unsigned char *)text, (int)digits);
	if (count == -1 || (size_t)count < padding)
		return INVALID;
	count -= (int)padding;
	again = arena_alloc(arena, digits + 4);
	if (EVP_EncodeBlock(again, decoded, count) != (int)digits ||
	    memcmp(again, text, digits) != 0)
		return INVALID;
	*bytes = decoded;
	*length = (size_t)count;
	return OK;
}

/* Only its owner may read a key, and only root or we may be its owner. */
static enum outcome
check_file(const char *path, int file, struct buf *why)
{
	struct stat status;

	if (fstat(file, &status) == -1) {
		buf_add_format(why, "%s: %s", path, strerror(errno));
		return INVALID;
	}
	if (!S_ISREG(status.st_mode)) {
		buf_add_format(why, "%s: the key must be a regular file", path);
		return INVALID;
	}
	if (status.st_uid != 0 && status.st_uid != geteuid()) {
		buf_add_format(why,
		    "%s: the key must be owned by root or by the user that "
		    "runs this: chown %ju %s",
		    path, (uintmax_t)geteuid(), path);
		return INVALID;
	}
	if ((status.st_mode & 07177) != 0) {
		buf_add_format(why,
		    "%s: the key's mode is %04o, but must be 0600 or "
		    "stricter: chmod 600 %s",
		    path, (unsigned)status.st_mode & 07777, path);
		return INVALID;
	}
	return OK;
}

/* Reads until the room is full or the file ends; -1 is a read error. */
static ssize_t
read_all(int file, char *text, size_t room)
{
	size_t length = 0;
	ssize_t got;

	do {
		got = read(file, text + length, room - length);
		if (got > 0)
			length += (size_t)got;
	} while (length < room && (got > 0 || (got == -1 && errno == EINTR)));
	return got == -1 ? -1 : (ssize_t)length;
}

static enum outcome
read_key(
    const char *path, int file, unsigned char key[SECRET_KEY], struct buf *why)
{
	char text[KEY_DIGITS + 3] = ""; /* a line feed, one too many, a NUL */
	ssize_t length = read_all(file, text, sizeof(text) - 1);
	enum outcome rc = INVALID;

	if (length == -1) {
		buf_add_format(why, "%s: %s", path, strerror(errno));
		goto out;
	}
	if (length == KEY_DIGITS + 1 && text[KEY_DIGITS] == '\n')
		text[--length] = '\0';
	/* A NUL inside would end the text early. */
	if (length == KEY_DIGITS)
		rc = secret_unhex(text, key, SECRET_KEY);
	if (rc)
		buf_add_format(why,
		    "%s: a key is %zu hexadecimal digits and nothing else",
		    path, KEY_DIGITS);
out:
	secret_wipe(text, sizeof(text));
	return rc;
}

enum outcome
secret_load(const char *path, unsigned char key[SECRET_KEY], struct buf *why)
{
	enum outcome rc;
	int file;

	/* Non-blocking, so that a pipe is refused instead of waited for. */
	file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (file == -1) {
		buf_add_format(why, "%s: %s", path, strerror(errno));
		return INVALID;
	}
	rc = check_file(path, file, why);
	if (rc == OK)
		rc = read_key(path, file, key, why);
	(void)close(file); /* nothing was written */
	return rc;
}

static bool
write_all(int file, const char *text, size_t length)
{
	ssize_t put;

	while (length > 0) {
		put = write(file, text, length);
		if (put == -1 && errno != EINTR)
			return false;
		if (put > 0) {
			text += put;
			length -= (size_t)put;
		}
	}
	return true;
}

static bool
write_key(int file)
{
	unsigned char key[SECRET_KEY];
	char text[KEY_DIGITS + 1];
	bool worked;

	secret_random(key, sizeof(key));
	write_hex(key, sizeof(key), text);
	text[KEY_DIGITS] = '\n';
	worked = write_all(file, text, sizeof(text)) && fsync(file) == 0;
	secret_wipe(key, sizeof(key));
	secret_wipe(text, sizeof(text));
	return worked;
}

const unsigned char *
secret_configured(struct arena *arena, const char *path)
{
	unsigned char *key = arena_alloc(arena, SECRET_KEY);
	struct buf why;

	if (path == NULL)
		return NULL;
	buf_init(&why, arena, WHY_MOST);
	if (secret_load(path, key, &why) == OK)
		return key;
	log_fault("%s", buf_text(&why));
	return NULL;
}

enum outcome
secret_create(const char *path, struct buf *why)
{
	bool worked;
	int file, trouble;

	file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file == -1) {
		trouble = errno;
		buf_add_format(why, "%s: %s", path, strerror(trouble));
		return trouble == EEXIST ? CONFLICT : INVALID;
	}
	worked = write_key(file);
	trouble = errno;
	if (close(file) == -1 && worked) {
		worked = false;
		trouble = errno;
	}
	if (worked)
		return OK;
	buf_add_format(why, "%s: %s", path, strerror(trouble));
	/* Half a key is no key; it was made a moment ago and by us. */
	if (unlink(path) == -1)
		buf_add_format(why, "; remove it");
	return INVALID;
}

static void
must(bool worked, const char *what)
{
	if (worked)
		return;
	log_fault("libcrypto failed: %s", what);
	abort();
}

/* A context that has the key, the nonce and what is authenticated only. */
static EVP_CIPHER_CTX *
cipher_new(const unsigned char key[SECRET_KEY],
    const unsigned char nonce[NONCE], const char *context, bool seal)
{
	EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
	size_t length = strlen(context);
	int done;

	assert(length <= SEALED_MAX);
	must(cipher != NULL, "AES-256-GCM");
	/* NONCE is the mode's own default length. */
	must(EVP_CipherInit_ex2(
		 cipher, EVP_aes_256_gcm(), key, nonce, seal, NULL) == 1,
	    "AES-256-GCM");
	must(EVP_CipherUpdate(cipher, NULL, &done,
		 (const unsigned char *)context, (int)length) == 1,
	    "AES-256-GCM");
	return cipher;
}

const char *
secret_seal(struct arena *arena, const unsigned char key[SECRET_KEY],
    const char *context, const char *text)
{
	size_t mark = sizeof(seal_mark) - 1, length = strlen(text), total;
	unsigned char *bytes;
	EVP_CIPHER_CTX *cipher;
	char *sealed;
	int done;

	assert(length <= SEALED_MAX);
	total = NONCE + length + TAG;
	bytes = arena_alloc(arena, total);
	secret_random(bytes, NONCE);
	cipher = cipher_new(key, bytes, context, true);
	must(EVP_CipherUpdate(cipher, bytes + NONCE, &done,
		 (const unsigned char *)text, (int)length) == 1,
	    "AES-256-GCM");
	/* A stream has nothing left to write, and only makes the tag. */
	must(EVP_CipherFinal_ex(cipher, bytes + NONCE + length, &done) == 1,
	    "AES-256-GCM");
	must(EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, TAG,
		 bytes + NONCE + length) == 1,
	    "AES-256-GCM");
	EVP_CIPHER_CTX_free(cipher);
	sealed = arena_alloc(arena, mark + (total + 2) / 3 * 4 + 1);
	memcpy(sealed, seal_mark, mark);
	(void)EVP_EncodeBlock(
	    (unsigned char *)sealed + mark, bytes, (int)total);
	return sealed;
}

static void
wipe_text(void *text)
{
	secret_wipe(text, strlen(text));
}

/* The tag decides, in constant time; a text that fails is not shown. */
static enum outcome
decrypt(EVP_CIPHER_CTX *cipher, unsigned char *bytes, size_t length,
    unsigned char *tag, char *text)
{
	int done;

	if (EVP_CipherUpdate(cipher, (unsigned char *)text, &done, bytes,
		(int)length) == 1 &&
	    EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, TAG, tag) == 1 &&
	    EVP_CipherFinal_ex(cipher, (unsigned char *)text + length, &done) ==
		1)
		return OK;
	secret_wipe(text, length);
	return INVALID;
}

enum outcome
secret_open(struct arena *arena, const unsigned char key[SECRET_KEY],
    const char *context, const char *sealed, const char **text)
{
	size_t mark = sizeof(seal_mark) - 1, length;
	EVP_CIPHER_CTX *cipher;
	unsigned char *bytes;
	enum outcome rc;
	char *opened;

	if (strncmp(sealed, seal_mark, mark) != 0)
		return INVALID;
	rc = secret_unbase64(arena, sealed + mark, &bytes, &length);
	if (rc)
		return rc;
	if (length < NONCE + TAG)
		return INVALID;
	length -= NONCE + TAG;
	opened = arena_alloc(arena, length + 1);
	cipher = cipher_new(key, bytes, context, false);
	rc = decrypt(
	    cipher, bytes + NONCE, length, bytes + NONCE + length, opened);
	EVP_CIPHER_CTX_free(cipher);
	if (rc)
		return rc;
	arena_defer(arena, wipe_text, opened);
	*text = opened;
	return OK;
}
