/*
 * Twilio's signature against its published vectors, its words, its moments.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/when.h"
#include "model/message.h"
#include "model/twilio.h"

#include "tap.h"

#define URL "https://mycompany.com/myapp.php?foo=1&bar=2"
#define GOOD "RSOYDt4T1cUTdK1PDd93/VVr8B8="

static const char *const form[] = { "To", "+18005551212", "Digits", "1234",
	"CallSid", "CA1234567890ABCDE", "From", "+14158675309", "Caller",
	"+14158675309", NULL };
static const char *const twice[] = { "To", "+18005551212", "Digits", "1234",
	"CallSid", "CA1234567890ABCDE", "From", "+14158675309", "Caller",
	"+14158675309", "Digits", "1234", NULL };
static const char *const changed[] = { "To", "+18005551212", "Digits", "1235",
	"CallSid", "CA1234567890ABCDE", "From", "+14158675309", "Caller",
	"+14158675309", NULL };
static const char *const nothing[] = { NULL };

/* clang-format off */
static const struct {
	const char *token, *url;
	const char *const *form;
	const char *signature;
	bool holds;
	const char *name;
} signatures[] = {
	{ "12345", URL, form, GOOD, true, "the published form holds" },
	{ "12345", URL, twice, GOOD, true,
	    "what is given twice is signed once" },
	{ "12345", URL "&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b28"
	    "3a80c7cf19632632f96e6620", nothing,
	    "a9nBmqA0ju/hNViExpshrM61xv4=", true,
	    "the published call without a form holds" },
	{ "12346", URL, form, GOOD, false, "another token does not" },
	{ "", URL, form, GOOD, false, "an empty token does not" },
	{ "12345", URL, changed, GOOD, false, "another value does not" },
	{ "12345", URL, nothing, GOOD, false, "a missing form does not" },
	{ "12345", "https://mycompany.com/myapp.php?foo=1&bar=3", form, GOOD,
	    false, "another address does not" },
	{ "12345", "http://mycompany.com/myapp.php?foo=1&bar=2", form, GOOD,
	    false, "another scheme does not" },
	{ "12345", URL, form, NULL, false, "no signature does not" },
	{ "12345", URL, form, "", false, "an empty one does not" },
	{ "12345", URL, form, "RSOYDt4T1cUTdK1PDd93/VVr8B8", false,
	    "one without its padding does not" },
	{ "12345", URL, form, "rSOYDt4T1cUTdK1PDd93/VVr8B8=", false,
	    "one in another case does not" },
	{ "12345", "https://mycompany.com:443/myapp.php?foo=1&bar=2", form,
	    GOOD, true, "the scheme's own port may be named" },
	{ "12345", "https://mycompany.com:4433/myapp.php?foo=1&bar=2", form,
	    GOOD, false, "another port may not" },
	{ "12345", "https://mycompany.com:80/myapp.php?foo=1&bar=2", form,
	    GOOD, false, "nor another scheme's" },
};

static const struct {
	const char *word;
	int status; /* -1: none */
} words[] = {
	{ "accepted", MESSAGE_QUEUED },
	{ "scheduled", MESSAGE_QUEUED },
	{ "queued", MESSAGE_QUEUED },
	{ "sending", MESSAGE_QUEUED },
	{ "sent", MESSAGE_SENT },
	{ "delivered", MESSAGE_DELIVERED },
	{ "read", MESSAGE_READ },
	{ "undelivered", MESSAGE_UNDELIVERED },
	{ "failed", MESSAGE_FAILED },
	{ "canceled", MESSAGE_FAILED },
	{ "receiving", -1 },
	{ "received", -1 },
	{ "Delivered", -1 },
	{ "", -1 },
};

static const struct {
	const char *text, *when; /* NULL: none */
} moments[] = {
	{ "Thu, 24 Aug 2023 05:01:45 +0000", "2023-08-24T05:01:45.000Z" },
	{ "Fri, 01 Dec 2000 23:59:59 +0000", "2000-12-01T23:59:59.000Z" },
	{ "Thu, 24 Aug 2023 05:01:45 +0200", NULL },
	{ "Thu, 24 Agu 2023 05:01:45 +0000", NULL },
	{ "Thu, 32 Aug 2023 05:01:45 +0000", NULL },
	{ "Thu, 24 Aug 2023 24:01:45 +0000", NULL },
	{ "Thu, 24 Aug 2023 05:01 +0000", NULL },
	{ "2023-08-24T05:01:45Z", NULL },
	{ "Thu, 24 Aug 2023 05:01:45 +0000 and more", NULL },
	{ "", NULL },
};
/* clang-format on */

int
main(void)
{
	struct arena *arena = arena_new();
	int64_t when;
	size_t i;
	int status;

	for (i = 0; i < COUNT(signatures); i++)
		ok(twilio_is_signed(arena, signatures[i].token,
		       signatures[i].url, signatures[i].form,
		       signatures[i].signature) == signatures[i].holds,
		    "%s", signatures[i].name);
	ok(twilio_is_signed(arena, "t", "http://[::1]/a?b:c", form,
	       twilio_sign(arena, "t", "http://[::1]:80/a?b:c", form)),
	    "an IPv6 address may be signed with its port");
	ok(!twilio_is_signed(arena, "t", "ftp://a/", form, GOOD),
	    "an address of another scheme has one form");
	for (i = 0; i < COUNT(words); i++) {
		status = -1;
		is_int(twilio_status(words[i].word, &status),
		    words[i].status == -1 ? NOT_FOUND : OK,
		    "\"%s\" is %s status", words[i].word,
		    words[i].status == -1 ? "no" : "a");
		is_int(status, words[i].status, "and it is the right one");
	}
	for (i = 0; i < COUNT(moments); i++) {
		when = 0;
		is_int(twilio_when(arena, moments[i].text, &when),
		    moments[i].when == NULL ? INVALID : OK, "\"%s\" is %s",
		    moments[i].text,
		    moments[i].when == NULL ? "no moment" : "a moment");
		is_text(when == 0 ? NULL : when_text(arena, when),
		    moments[i].when, "and it is the right one");
	}
	arena_free(arena);
	return done();
}
