/*
 * Known answers, round trips, and the key file in every bad state.
 */
#include "base/base.h"

#include "base/secret.h"

#include "base/arena.h"
#include "base/buf.h"

#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* 63 digits, and 64 */
#define MOST                                                                   \
	"00102030405060708090a0b0c0d0e0f"                                      \
	"101112131415161718191A1B1C1D1E1F"
#define DIGITS "0" MOST
#define WHY_MAX 500

struct file {
	const char *name;
	const char *content;
	mode_t mode;
	enum outcome outcome;
	const char *why; /* is part of it */
};

/* clang-format off */
static const struct file files[] = {
	{ "a key is read", DIGITS, 0600, OK, "" },
	{ "a key with a line feed is read", DIGITS "\n", 0600, OK, "" },
	{ "a key that cannot be written is read", DIGITS, 0400, OK, "" },
	{ "a key for the group is refused", DIGITS, 0640, INVALID,
	    "chmod 600 " },
	{ "a key for others is refused", DIGITS, 0604, INVALID, "0604" },
	{ "a key that the group may write is refused", DIGITS, 0620, INVALID,
	    "chmod 600 " },
	{ "an empty file is refused", "", 0600, INVALID, "64 hex" },
	{ "63 digits are refused", MOST, 0600, INVALID, "64 hex" },
	{ "65 digits are refused", DIGITS "0", 0600, INVALID, "64 hex" },
	{ "two line feeds are refused", DIGITS "\n\n", 0600, INVALID,
	    "64 hex" },
	{ "a carriage return is refused", DIGITS "\r\n", 0600, INVALID,
	    "64 hex" },
	{ "another letter is refused", "g" MOST, 0600, INVALID,
	    "64 hex" },
};

static const char *const bad_seals[] = {
	"", "v1.", "v1", "v2.AAAA", "v1.A", "v1.AAAA", "v1.====", "v1.AA=A",
	"v1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", /* 27 bytes */
	"v1.!!!!", "v1.AAA", "AAAA",
};
/* clang-format on */

static const unsigned char key[SECRET_KEY] = { 1, 2, 3 };
static const unsigned char other_key[SECRET_KEY] = { 1, 2, 4 };

static void
write_file(const char *path, const char *content, mode_t mode)
{
	size_t length = strlen(content);
	int file;

	(void)unlink(path); /* it may not be there */
	file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert(file != -1);
	assert(write(file, content, length) == (ssize_t)length);
	assert(fchmod(file, mode) == 0);
	assert(close(file) == 0);
}

static void
test_bytes(struct arena *arena)
{
	unsigned char digest[SECRET_DIGEST], bytes[3] = "\x01\xab\xff";
	const char *token = secret_token(arena, 16);

	secret_digest("abc", 3, digest);
	is_text(secret_hex(arena, digest, sizeof(digest)),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	    "SHA-256 is that of FIPS 180-4");
	secret_digest("", 0, digest);
	is_text(secret_hex(arena, digest, sizeof(digest)),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	    "SHA-256 of nothing is known");
	is_text(secret_hex(arena, bytes, 3), "01abff", "digits are small");
	is_text(secret_hex(arena, bytes, 0), "", "no bytes are no digits");
	ok(secret_unhex("02CdeF", bytes, 3) == OK &&
		memcmp(bytes, "\x02\xcd\xef", 3) == 0,
	    "digits of either case are read");
	ok(secret_unhex("01020", bytes, 3) == INVALID, "5 digits are refused");
	ok(secret_unhex("0102030", bytes, 3) == INVALID, "and 7");
	ok(secret_unhex("00000g", bytes, 3) == INVALID, "and a letter g");
	ok(secret_unhex(" 10203", bytes, 3) == INVALID, "and a space");
	ok(memcmp(bytes, "\x02\xcd\xef", 3) == 0,
	    "a refusal leaves the result alone");
	ok(strlen(token) == 32 && strspn(token, "0123456789abcdef") == 32,
	    "a token is two digits for each byte");
	ok(strcmp(token, secret_token(arena, 16)) != 0, "tokens differ");
	ok(secret_equal("abc", "abc", 3) && !secret_equal("abc", "abd", 3) &&
		secret_equal("a", "b", 0),
	    "equal bytes are equal");
	secret_wipe(bytes, sizeof(bytes));
	ok(memcmp(bytes, "\0\0", 3) == 0, "wiped bytes are zeros");
}

/* RFC 4648, section 10. */
static void
test_base64(struct arena *arena)
{
	static const char *const bad[] = { "", "Zg", "Zg=", "Zh==", "Zm9v\n",
		" Zm9v", "Zm9v====", "Zm-v", "=m9v" };
	unsigned char *bytes = NULL;
	size_t i, length = 7;

	is_text(secret_base64(arena, "", 0), "", "no bytes are no digits");
	is_text(secret_base64(arena, "f", 1), "Zg==", "one byte is padded");
	is_text(secret_base64(arena, "fo", 2), "Zm8=", "two bytes are padded");
	is_text(secret_base64(arena, "foobar", 6), "Zm9vYmFy",
	    "six bytes need no padding");
	for (i = 0; i < COUNT(bad); i++)
		ok(secret_unbase64(arena, bad[i], &bytes, &length) == INVALID,
		    "bad base64 %zu is refused", i);
	ok(bytes == NULL && length == 7, "a refusal leaves the results alone");
	ok(secret_unbase64(arena, "Zm8=", &bytes, &length) == OK &&
		length == 2 && memcmp(bytes, "fo", 2) == 0,
	    "what was written is read");
}

/* RFC 4231, the first, second and sixth case. */
static void
test_hmac(struct arena *arena)
{
	unsigned char digest[SECRET_DIGEST], long_key[131];
	static const char long_text[] =
	    "Test Using Larger Than Block-Size Key - Hash Key First";

	(void)memset(long_key, 0x0b, sizeof(long_key));
	secret_hmac(long_key, 20, "Hi There", 8, digest);
	is_text(secret_hex(arena, digest, sizeof(digest)),
	    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
	    "HMAC-SHA256 is that of RFC 4231");
	secret_hmac("Jefe", 4, "what do ya want for nothing?", 28, digest);
	is_text(secret_hex(arena, digest, sizeof(digest)),
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
	    "with a short key");
	(void)memset(long_key, 0xaa, sizeof(long_key));
	secret_hmac(long_key, sizeof(long_key), long_text,
	    sizeof(long_text) - 1, digest);
	is_text(secret_hex(arena, digest, sizeof(digest)),
	    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
	    "and with one that is longer than a block");
}

static void
test_seal(struct arena *arena, const char *text, const char *name)
{
	const char *sealed = secret_seal(arena, key, "row 1", text);
	const char *opened = NULL;

	ok(strncmp(sealed, "v1.", 3) == 0 &&
		strlen(sealed) == 3 + (strlen(text) + 28 + 2) / 3 * 4,
	    "%s: sealed, it has its form", name);
	ok(strlen(text) < 4 || strstr(sealed, text) == NULL,
	    "%s: sealed, it is not to be read", name);
	ok(secret_open(arena, key, "row 1", sealed, &opened) == OK,
	    "%s: it opens", name);
	is_text(opened, text, "%s: it is the same", name);
	opened = "untouched";
	ok(secret_open(arena, other_key, "row 1", sealed, &opened) == INVALID,
	    "%s: another key does not open it", name);
	ok(secret_open(arena, key, "row 2", sealed, &opened) == INVALID,
	    "%s: another context does not open it", name);
	is_text(opened, "untouched", "%s: a refusal shows nothing", name);
}

/* Each character changed, dropped or followed by another. */
static void
test_tampering(struct arena *arena)
{
	const char *sealed = secret_seal(arena, key, "", "0123456789");
	size_t i, length = strlen(sealed), opened = 0, j;
	static const char others[] = "Aa0+/= \n";
	const char *text;
	char *changed;

	for (i = 0; i < length; i++) {
		for (j = 0; j < sizeof(others); j++) {
			changed = arena_text(arena, sealed);
			if (changed[i] == others[j])
				continue;
			changed[i] = others[j];
			if (secret_open(arena, key, "", changed, &text) == OK)
				opened++;
		}
		changed = arena_format(
		    arena, "%.*s%s", (int)i, sealed, sealed + i + 1);
		if (secret_open(arena, key, "", changed, &text) == OK)
			opened++;
		changed =
		    arena_format(arena, "%.*s\n%s", (int)i, sealed, sealed + i);
		if (secret_open(arena, key, "", changed, &text) == OK)
			opened++;
	}
	is_int((int64_t)opened, 0, "no changed seal opens");
	ok(secret_open(arena, key, "", sealed, &text) == OK,
	    "the unchanged one does");
	changed = arena_format(arena, "%s\n", sealed);
	ok(secret_open(arena, key, "", changed, &text) == INVALID,
	    "with a line feed it does not");
	for (i = 0; i < COUNT(bad_seals); i++)
		ok(secret_open(arena, key, "", bad_seals[i], &text) == INVALID,
		    "\"%s\" does not open", bad_seals[i]);
	ok(strcmp(sealed, secret_seal(arena, key, "", "0123456789")) != 0,
	    "a text is never sealed twice alike");
}

/* AES-256-GCM of "hello" made elsewhere: 12 zeros for a nonce, the key of
 * zeros but for its first bytes, "id" authenticated. */
static void
test_known(struct arena *arena)
{
	const char *text = NULL;
	static const char sealed[] =
	    "v1.AAAAAAAAAAAAAAAAVsTkn3Y2ap8UVmdCShd0b2o4bau+";

	ok(secret_open(arena, key, "id", sealed, &text) == OK,
	    "what another program sealed opens");
	is_text(text, "hello", "and is what it was");
}

static void
test_file(struct arena *arena, const char *path, const struct file *file)
{
	unsigned char read[SECRET_KEY] = "untouched";
	enum outcome rc;
	struct buf why;
	bool same;

	buf_init(&why, arena, WHY_MAX);
	write_file(path, file->content, file->mode);
	rc = secret_load(path, read, &why);
	same = file->outcome == OK ? read[0] == 0 && read[31] == 0x1f
				   : strcmp((char *)read, "untouched") == 0;
	if (!ok(rc == file->outcome && same &&
		    strstr(buf_text(&why), file->why) != NULL &&
		    (rc == OK) == (why.length == 0),
		"%s", file->name))
		printf("# %s: %s\n", outcome_name(rc), buf_text(&why));
}

static void
test_places(struct arena *arena, const char *folder, const char *path)
{
	unsigned char read[SECRET_KEY];
	struct buf why;

	buf_init(&why, arena, WHY_MAX);
	ok(secret_load(folder, read, &why) == INVALID &&
		strstr(buf_text(&why), "regular file") != NULL,
	    "a directory is not a key");
	(void)unlink(path);
	buf_init(&why, arena, WHY_MAX);
	ok(secret_load(path, read, &why) == INVALID &&
		strstr(buf_text(&why), path) != NULL,
	    "a key that is not there is named");
	ok(mkfifo(path, 0600) == 0, "a pipe is made");
	ok(secret_load(path, read, &why) == INVALID,
	    "a pipe is refused and not waited for");
	(void)unlink(path);
}

/* Only root can give a file away. */
static void
test_owner(struct arena *arena, const char *path)
{
	unsigned char read[SECRET_KEY];
	struct buf why;

	if (geteuid() != 0) {
		printf("# not root: no key can be given away\n");
		return;
	}
	buf_init(&why, arena, WHY_MAX);
	write_file(path, DIGITS, 0600);
	ok(chown(path, 12345, 0) == 0, "a key is given away");
	ok(secret_load(path, read, &why) == INVALID &&
		strstr(buf_text(&why), "chown 0 ") != NULL,
	    "another's key is refused");
	(void)unlink(path);
}

static void
test_create(struct arena *arena, const char *path)
{
	unsigned char first[SECRET_KEY], again[SECRET_KEY];
	struct stat status;
	struct buf why;

	buf_init(&why, arena, WHY_MAX);
	ok(secret_create(path, &why) == OK && why.length == 0, "a key is made");
	ok(stat(path, &status) == 0 && (status.st_mode & 07777) == 0600 &&
		status.st_size == 65,
	    "a new key is its owner's alone");
	ok(secret_load(path, first, &why) == OK, "a new key is read");
	ok(secret_create(path, &why) == CONFLICT && why.length > 0,
	    "a key is not made twice");
	ok(secret_load(path, again, &why) == OK &&
		memcmp(first, again, SECRET_KEY) == 0,
	    "the first key stays");
	(void)unlink(path);
	ok(secret_create(path, &why) == OK &&
		secret_load(path, again, &why) == OK &&
		memcmp(first, again, SECRET_KEY) != 0,
	    "another new key is another key");
	(void)unlink(path);
	buf_init(&why, arena, WHY_MAX);
	ok(secret_create("/nonexistent/key", &why) == INVALID &&
		strstr(buf_text(&why), "/nonexistent/key") != NULL,
	    "a key that cannot be made is named");
}

/* Made by openssl(1). */
static void
test_signed(struct arena *arena)
{
	const char *public_key =
	    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEH5h04nGlL7vkkezCMH+g54H3JS77"
	    "nT4bb/24S5z3cwMqUVYK+HXihhL2x41avGmFrgXPisf6KiYtaTLi7chf7A==";
	const char *signature =
	    "MEQCIGK/F8Ai46vX6aSM7hMvgK9PBTTlgdXTxZZbnx04eSxpAiAIwp8uobKR8ctD"
	    "qGYTzTiAJykY6ZQmpn7w98uql8VpeQ==";

	ok(secret_is_signed(arena, public_key, signature, "1700000000body", 14),
	    "what was signed is");
	ok(!secret_is_signed(
	       arena, public_key, signature, "1700000000bodz", 14),
	    "other bytes are not");
	ok(!secret_is_signed(arena, public_key, "AAAA", "1700000000body", 14),
	    "nor by what is no signature");
	ok(!secret_is_signed(arena, public_key, "", "1700000000body", 14),
	    "nor by none");
	ok(!secret_is_signed(arena, "AAAA", signature, "1700000000body", 14),
	    "nor under what is no key");
}

int
main(void)
{
	struct arena *arena = arena_new();
	char folder[] = "/tmp/secretXXXXXX";
	const char *path;
	size_t i;

	assert(mkdtemp(folder) != NULL);
	path = arena_format(arena, "%s/key", folder);
	test_bytes(arena);
	test_base64(arena);
	test_hmac(arena);
	test_signed(arena);
	test_seal(arena, "hello", "a text");
	test_seal(arena, "", "an empty text");
	test_seal(arena, "\xf0\x9f\x98\x80 and more than one block of it",
	    "a longer text");
	test_tampering(arena);
	test_known(arena);
	for (i = 0; i < COUNT(files); i++)
		test_file(arena, path, &files[i]);
	test_places(arena, folder, path);
	test_owner(arena, path);
	test_create(arena, path);
	(void)rmdir(folder);
	arena_free(arena);
	return done();
}
