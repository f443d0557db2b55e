/*
 * The token of an unsubscribe: what was signed is read, nothing else is.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/secret.h"
#include "model/mail_token.h"

#include "tap.h"

int
main(void)
{
	struct arena *arena = arena_new();
	unsigned char key[SECRET_KEY], other[SECRET_KEY];
	struct id account = id_new(), conversation = id_new(), a, c;
	const char *token;
	char *broken;
	size_t i, length, read = 0;

	secret_random(key, sizeof(key));
	secret_random(other, sizeof(other));
	token = mail_token(arena, key, &account, &conversation);
	length = strlen(token);
	is_int(mail_token_read(key, token, &a, &c), OK, "a token is read");
	ok(id_equal(&a, &account) && id_equal(&c, &conversation),
	    "it names what it was made for");
	is_int(mail_token_read(other, token, &a, &c), INVALID,
	    "by the key that it was made with alone");
	for (i = 0; i < length; i++) {
		broken = arena_text(arena, token);
		broken[i] = broken[i] == '0' ? '1' : '0';
		read += mail_token_read(key, broken, &a, &c) == OK;
	}
	is_int((int64_t)read, 0, "no digit of it can be another");
	is_int(mail_token_read(key, "", &a, &c), INVALID, "nothing is none");
	is_int(mail_token_read(key, arena_format(arena, "%s0", token), &a, &c),
	    INVALID, "nor is a longer one");
	arena_free(arena);
	return done();
}
