/*
 * Telephone numbers, judged by the function and by the pattern that the
 * API's description shows.
 */
#include "base/base.h"

#include "base/arena.h"
#include "model/phone.h"

#include <regex.h>
#include <stdlib.h>

#include "tap.h"

static const char *const numbers[] = {
	"+14155550123",
	"+12345678",
	"+123456789012345",
	"+99999999",
	"+4930123456",
};

static const char *const others[] = {
	"",
	"+",
	"+1",
	"+1234567",
	"+1234567890123456",
	"+02345678",
	"12345678",
	"0012345678",
	"++12345678",
	"+-12345678",
	"-12345678",
	" +12345678",
	"+12345678 ",
	"+12345678\n",
	"+1 415 555 0123",
	"+1-415-555-0123",
	"+1(415)5550123",
	"+1415555012a",
	"+a4155550123",
	"+1415555.123",
	"tel:+14155550123",
	"+14155550123,+14155550124",
	"+14155550123;ext=1",
	"\xef\xbc\x8b 14155550123",
	"+\xd9\xa1\xd9\xa2\xd9\xa3\xd9\xa4\xd9\xa5\xd9\xa6\xd9\xa7\xd9\xa8",
	"\xff",
};

static void
test_plain(void)
{
	struct arena *arena = arena_new();

	is_text(phone_plain(arena, "+1 (415) 555-0123"), "+14155550123",
	    "what makes a number easier to read is left out");
	is_text(phone_plain(arena, "+49.30/123456"), "+4930123456",
	    "however it is written");
	is_text(phone_plain(arena, "call me"), "callme", "and nothing else");
	arena_free(arena);
}

int
main(void)
{
	regex_t pattern;
	size_t i;

	if (regcomp(&pattern, PHONE_PATTERN, REG_EXTENDED | REG_NOSUB) != 0)
		abort();
	for (i = 0; i < COUNT(numbers); i++) {
		ok(phone_is_e164(numbers[i]), "%s is a number", numbers[i]);
		ok(regexec(&pattern, numbers[i], 0, NULL, 0) == 0,
		    "and the pattern has it, too");
	}
	for (i = 0; i < COUNT(others); i++) {
		if (!ok(!phone_is_e164(others[i]), "bad number %zu is none", i))
			printf("#   %s\n", others[i]);
		ok(regexec(&pattern, others[i], 0, NULL, 0) == REG_NOMATCH,
		    "and the pattern has it neither");
	}
	regfree(&pattern);
	test_plain();
	return done();
}
