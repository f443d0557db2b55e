/*
 * Mailgun's signature.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/when.h"
#include "model/mailgun.h"

#include "tap.h"

int
main(void)
{
	struct arena *arena = arena_new();
	struct mailgun_signature signature = {
		.timestamp = "1700000000",
		.token = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		.signature = "c831b43c5b16fe108131ca2a0ee82b53"
			     "808fd53255a924f124c12c5aa8b5c2a3",
	};
	int64_t moment = INT64_C(1700000000) * WHEN_SECOND;

	ok(mailgun_is_signed(arena, "key-test", &signature),
	    "a signature that is known is right");
	ok(!mailgun_is_signed(arena, "key-tesu", &signature),
	    "by its key alone");
	ok(mailgun_is_fresh(&signature, moment), "it is fresh");
	ok(mailgun_is_fresh(&signature, moment + 9 * 3600 * WHEN_SECOND),
	    "for as long as a call is tried again");
	ok(!mailgun_is_fresh(&signature, moment + 13 * 3600 * WHEN_SECOND),
	    "and no longer");
	ok(!mailgun_is_fresh(&signature, moment - 13 * 3600 * WHEN_SECOND),
	    "nor long before");
	signature.timestamp = "1700000001";
	ok(!mailgun_is_signed(arena, "key-test", &signature),
	    "another time is not signed");
	signature.timestamp = NULL;
	ok(!mailgun_is_signed(arena, "key-test", &signature), "nor is none");
	ok(!mailgun_is_fresh(&signature, moment), "which is not fresh");
	arena_free(arena);
	return done();
}
