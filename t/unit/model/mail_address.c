/*
 * Addresses: only plain ones, and who is not answered.
 */
#include "base/base.h"

#include "base/arena.h"
#include "model/mail_address.h"

#include "tap.h"

static void
test_valid(void)
{
	static const char *const good[] = { "ada@example.com", "a@b",
		"a.b+c@x-y.example.org", "o'neil@example.com",
		"UPPER@EXAMPLE.COM", "1@1.example" };
	static const char *const bad[] = { "", "ada", "@example.com", "ada@",
		"ada@@example.com", ".ada@example.com", "ada.@example.com",
		"a..b@example.com", "ada(comment)@example.com",
		"ada@example.com (Ada)", "<ada@example.com>", "a b@example.com",
		"\"a b\"@example.com", "ada@-example.com", "ada@example-.com",
		"ada@example..com", "ada@example.com.", "ada@[127.0.0.1]",
		"ada@example.com\r\nBcc: eve@example.com", "ada@exam\nple.com",
		"ad\xc3\xa4@example.com", "ada@example.com,eve@example.com" };
	char longest[400];
	size_t i;

	for (i = 0; i < COUNT(good); i++)
		ok(mail_address_is_valid(good[i]), "%s is one", good[i]);
	for (i = 0; i < COUNT(bad); i++)
		ok(!mail_address_is_valid(bad[i]), "bad address %zu is none",
		    i);
	(void)memset(longest, 'a', sizeof(longest));
	(void)memcpy(longest + 64, "@b.example", 11);
	ok(mail_address_is_valid(longest), "64 bytes before the @ are fine");
	(void)memset(longest, 'a', sizeof(longest));
	(void)memcpy(longest + 65, "@b.example", 11);
	ok(!mail_address_is_valid(longest), "65 are too many");
}

static void
test_forms(struct arena *arena)
{
	is_text(mail_address_key(arena, "Ada.B@EXAMPLE.com"),
	    "ada.b@example.com", "addresses know no case");
	is_text(mail_address_domain("ada@example.com"), "example.com",
	    "what is behind the @");
	is_text(mail_address_base(arena, "ada+x@example.com"),
	    "ada@example.com", "the detail may go");
	is_text(mail_address_base(arena, "ada@example.com"), "ada@example.com",
	    "where there is none nothing does");
	is_text(mail_address_base(arena, "+x@example.com"), "+x@example.com",
	    "and it is never all");
}

static void
test_robots(void)
{
	ok(mail_address_is_robot("no-reply@example.com"), "no-reply");
	ok(mail_address_is_robot("NoReply@example.com"), "in any case");
	ok(mail_address_is_robot("MAILER-DAEMON@example.com"), "the daemon");
	ok(mail_address_is_robot("postmaster@example.com"), "the postmaster");
	ok(mail_address_is_robot("bounces+1=2@example.com"), "with details");
	ok(!mail_address_is_robot("ada@noreply.example"), "not by its domain");
	ok(!mail_address_is_robot("bouncer@example.com"), "nor by a beginning");
	ok(!mail_address_is_robot("ada@example.com"), "nor a person");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_valid();
	test_forms(arena);
	test_robots();
	arena_free(arena);
	return done();
}
