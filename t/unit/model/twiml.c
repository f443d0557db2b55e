/*
 * TwiML: every verb as Twilio's library writes it (t/api/hooks_voice.t holds
 * it to that), and nothing that a text can say becomes a verb.
 */
#include "base/base.h"

#include "model/twiml.h"

#include "base/arena.h"
#include "tap.h"

#include <stdlib.h>

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>"

static const struct twiml_voice plain;

static const char *
said(struct arena *arena, const char *text)
{
	struct twiml twiml;

	twiml_begin(&twiml, arena);
	twiml_say(&twiml, &plain, text);
	return twiml_end(&twiml);
}

static void
test_verbs(struct arena *arena)
{
	const struct twiml_voice voice = { "en-GB", "Polly.Amy" };
	const struct twiml_gather gather = {
		.action = "https://parley.test/v1/hooks/twilio/voice?a=1&b=2",
		.language = "en-GB",
		.timeout = 7,
	};
	const struct twiml_gather patient = {
		.action = "/", .speech_timeout = "3", .is_patient = true
	};
	struct twiml twiml;

	twiml_begin(&twiml, arena);
	is_text(twiml_end(&twiml), HEAD "</Response>", "nothing is said");
	twiml_begin(&twiml, arena);
	twiml_open_gather(&twiml, &gather);
	twiml_say(&twiml, &voice, "Hello.");
	twiml_close_gather(&twiml);
	twiml_open_gather(&twiml, &patient);
	twiml_close_gather(&twiml);
	is_text(twiml_end(&twiml),
	    HEAD
	    "<Gather input=\"speech dtmf\" action=\"https://parley.test/v1/"
	    "hooks/twilio/voice?a=1&amp;b=2\" actionOnEmptyResult=\"true\""
	    " timeout=\"7\" speechTimeout=\"auto\" language=\"en-GB\""
	    " bargeIn=\"true\"><Say voice=\"Polly.Amy\" language=\"en-GB\">"
	    "Hello.</Say></Gather>"
	    "<Gather input=\"speech dtmf\" action=\"/\""
	    " actionOnEmptyResult=\"true\" speechTimeout=\"3\""
	    " bargeIn=\"false\"/></Response>",
	    "it listens while it speaks, or is heard out");
	twiml_begin(&twiml, arena);
	twiml_pause(&twiml, 1);
	twiml_redirect(&twiml, "/v1?a=1&b=2");
	twiml_dial(&twiml, "+15550001111", "+15550002222");
	twiml_hang_up(&twiml);
	is_text(twiml_end(&twiml),
	    HEAD "<Pause length=\"1\"/><Redirect>/v1?a=1&amp;b=2</Redirect>"
		 "<Dial callerId=\"+15550001111\">+15550002222</Dial>"
		 "<Hangup/></Response>",
	    "it pauses, asks how to go on, connects and hangs up");
}

static void
test_escaping(struct arena *arena)
{
	const struct twiml_voice sly = { "a\"/><Hangup/>&\t\n\r<", "\x01z" };
	struct twiml twiml;
	char text[3] = { 0 };
	int c;

	is_text(said(arena, "1 < 2 & 3 > 2 \"so\" 'said'\r\n"),
	    HEAD "<Say>1 &lt; 2 &amp; 3 &gt; 2 \"so\" 'said'&#xD;\n</Say>"
		 "</Response>",
	    "a text stays a text");
	is_text(said(arena, "</Say><Dial>+1900</Dial>]]>"),
	    HEAD "<Say>&lt;/Say&gt;&lt;Dial&gt;+1900&lt;/Dial&gt;]]&gt;</Say>"
		 "</Response>",
	    "that would be a verb");
	is_text(said(arena, "gr\xC3\xBC\xC3\x9F \xF0\x9F\xA6\x9C"),
	    HEAD "<Say>gr\xC3\xBC\xC3\x9F \xF0\x9F\xA6\x9C</Say></Response>",
	    "and is UTF-8");
	is_text(said(arena, "a\xEF\xBF\xBE"
			    "b\xEF\xBF\xBF"
			    "c\xEF\xBF\xBD"),
	    HEAD "<Say>abc\xEF\xBF\xBD</Say></Response>",
	    "without U+FFFE and U+FFFF");
	for (c = 1; c < ' '; c++) {
		if (c == '\t' || c == '\n' || c == '\r')
			continue;
		text[0] = (char)c;
		text[1] = 'x';
		is_text(said(arena, text), HEAD "<Say>x</Say></Response>",
		    "nor the control %d", c);
	}
	twiml_begin(&twiml, arena);
	twiml_say(&twiml, &sly, "x");
	is_text(twiml_end(&twiml),
	    HEAD "<Say voice=\"z\" language=\"a&quot;/>&lt;Hangup/>&amp;&#x9;"
		 "&#xA;&#xD;&lt;\">x</Say></Response>",
	    "an attribute stays an attribute");
}

static size_t
count(const char *text, const char *part)
{
	size_t found = 0;

	for (text = strstr(text, part); text != NULL;
	     text = strstr(text + 1, part))
		found++;
	return found;
}

static void
test_length(struct arena *arena)
{
	size_t size = (size_t)1024 * 1024, i;
	char *text = arena_alloc(arena, size + 1);
	const char *document;

	is_text(said(arena, " \n"), HEAD "</Response>", "a blank is not said");
	(void)memset(text, 'a', TWIML_SAY_MOST);
	ok(count(said(arena, text), "<Say>") == 1, "the longest is said whole");
	text[TWIML_SAY_MOST] = 'b';
	text[100] = ' ';
	document = said(arena, text);
	ok(count(document, "<Say>") == 2, "a longer one in two");
	ok(strstr(document, "a</Say><Say> aa") != NULL, "between two words");
	for (i = 0; i < TWIML_SAY_MOST + 2; i += 2)
		(void)memcpy(text + i, "\xC3\xBC", 2);
	(void)memmove(text + 1, text, TWIML_SAY_MOST + 2);
	text[0] = 'x';
	ok(strstr(said(arena, text), "\xC3\xBC</Say><Say>\xC3\xBC") != NULL,
	    "and in no case within a character");
	(void)memset(text, '&', size);
	document = said(arena, text);
	ok(strlen(document) <= TWIML_MOST, "what is endless is cut");
	ok(strstr(document, "</Say></Response>") != NULL, "at the end of one");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_verbs(arena);
	test_escaping(arena);
	test_length(arena);
	arena_free(arena);
	return done();
}
