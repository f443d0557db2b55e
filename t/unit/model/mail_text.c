/*
 * The words of a mail: what is new in it, and HTML to text and back.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "model/mail_text.h"

#include "tap.h"

#include <stdlib.h>

static void
test_fresh(struct arena *arena)
{
	static const struct {
		const char *text, *fresh, *name;
	} cases[] = {
		{ "Hello\n", "Hello", "a text" },
		{ "Yes\r\n\r\nOn Monday, Ada wrote:\r\n> Hello\r\n> there\r\n",
		    "Yes", "an answer above what it quotes" },
		{ "Yes\n\nOn Monday, 3 May 2027 at 10:00 Ada\n"
		  "<ada@example.com> wrote:\n\n> Hello\n",
		    "Yes", "one whose introduction is folded" },
		{ "> Hello\nYes\n", "> Hello\nYes", "an answer below" },
		{ "> One?\nYes\n> Two?\nNo\n", "> One?\nYes\n> Two?\nNo",
		    "answers between" },
		{ "Yes\n> Hello\n", "Yes", "without an introduction" },
		{ "Yes\n-----Original Message-----\nFrom: Ada\nHello", "Yes",
		    "as one program does it" },
		{ "Yes\n-- \nBob\nBob & Sons", "Yes", "with a signature" },
		{ "> Hello\n", "> Hello", "nothing but a quotation" },
		{ "I need:\n\n1 apple\n", "I need:\n\n1 apple",
		    "a colon alone" },
		{ "", "", "nothing" },
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		is_text(mail_text_fresh(arena, cases[i].text, 1000),
		    cases[i].fresh, "%s", cases[i].name);
	is_text(mail_text_fresh(arena, "aää", 4), "aä",
	    "a long one is cut between characters");
}

static void
test_of_html(struct arena *arena)
{
	static const struct {
		const char *html, *text;
	} cases[] = {
		{ "<p>Hello <b>Ada</b></p><p>Bye</p>", "Hello Ada\nBye\n" },
		{ "a<br>b<BR/>c", "a\nb\nc" },
		{ "<style>p{}</style><script>if (a<b) x()</script>Hi", "Hi" },
		{ "<head><title>No</title></head><body>Yes</body>", "Yes" },
		{ "1 &lt; 2 &amp;&amp; 3 &gt; 2 &#65;&#x42;&#xe4;&euro;",
		    "1 < 2 && 3 > 2 ABä€" },
		{ "&#0;&#xd800;&#x110000;&#99999999999;&bogus;& x",
		    "   &#99999999999;&bogus;& x" },
		{ "<!-- <p>no</p> -->yes<!-- open", "yes" },
		{ "a < b", "a < b" },
		{ "  a\n\n b\t c", "a b c" },
		{ "<p", "" },
		{ "<", "<" },
		{ "&", "&" },
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		is_text(mail_text_of_html(arena, cases[i].html, 1000),
		    cases[i].text, "HTML %zu says what it says", i);
	is_text(mail_text_of_html(arena, "aaaaaaaaaa", 4), "aaaa",
	    "and no more than is asked for");
	is_text(mail_text_of_html(arena, "aaaäb", 4), "aaa",
	    "which is not cut within a character");
}

/* What it makes of anything is text, and it comes to an end. */
static void
test_anything(struct arena *arena)
{
	static const char *const pieces[] = { "<", ">", "&", "&#", "&#x", ";",
		"script", "</script", "!--", "-->", " ", "\n", "a", "ä", "/p",
		"<style>", "On x wrote:\n", "> q\n", "-- \n", "\r\n" };
	const char *words;
	char text[2048];
	size_t i, j, good = 0, length;

	srand(1);
	for (i = 0; i < 2000; i++) {
		length = 0;
		for (j = 0; j < 60; j++)
			length += (size_t)snprintf(text + length,
			    sizeof(text) - length, "%s",
			    pieces[(size_t)rand() % COUNT(pieces)]);
		words = mail_text_of_html(arena, text, 300);
		good += text_is_clean(words, strlen(words)) &&
			strlen(mail_text_fresh(arena, text, 300)) <= 300;
	}
	is_int((int64_t)good, 2000, "whatever it is given");
}

static const char *
html_of(struct arena *arena, const char *text)
{
	struct buf html;

	buf_init(&html, arena, 10000);
	mail_text_add_html(&html, text);
	return buf_text(&html);
}

static void
test_to_html(struct arena *arena)
{
	is_text(html_of(arena, "Hello\nAda\n\nBye"),
	    "<p>Hello<br>\nAda</p>\n<p>Bye</p>\n", "lines and paragraphs");
	is_text(html_of(arena, "<script>\"x\" & 'y'</script>"),
	    "<p>&lt;script&gt;&quot;x&quot; &amp; 'y'&lt;/script&gt;</p>\n",
	    "what would be HTML is words");
	is_text(html_of(arena, "See https://example.com/?a=1&b=2."),
	    "<p>See <a href=\"https://example.com/?a=1&amp;b=2\">"
	    "https://example.com/?a=1&amp;b=2</a>.</p>\n",
	    "an address of the web is a link");
	is_text(html_of(arena, "javascript:alert(1)"),
	    "<p>javascript:alert(1)</p>\n", "no other is");
	is_text(mail_text_quote(arena, "a\n> b\n\nc"), "> a\n>> b\n> \n> c\n",
	    "what is quoted is marked");
	is_text(mail_text_fill(arena, "Re: {{subject}} {{ subject }} {{x}}",
		    "subject", "Hi {{x}}"),
	    "Re: Hi {{x}} Hi {{x}} {{x}}", "places are filled");
	is_text(mail_text_fill(arena, "{{subject", "subject", "Hi"),
	    "{{subject", "and what is none is left");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_fresh(arena);
	test_of_html(arena);
	test_anything(arena);
	test_to_html(arena);
	arena_free(arena);
	return done();
}
