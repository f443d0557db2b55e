/*
 * The agent's words as an email.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/text.h"
#include "model/agent_config.h"
#include "model/mail_letter.h"
#include "model/mail_render.h"

#include "tap.h"

static void
test_subject(struct arena *arena, struct agent_config *config)
{
	struct mail_writing writing = { .style = &config->properties.email,
		.words = "Hi",
		.subject = "RE: Aw:  Order 7",
		.is_reply = true };
	struct mail_letter letter;

	mail_render(arena, &writing, &letter);
	is_text(letter.subject, "Re: Order 7", "one Re: is enough");
	writing.is_reply = false;
	writing.subject = "Order\r\n7";
	mail_render(arena, &writing, &letter);
	is_text(letter.subject, "Order  7",
	    "a first mail has the subject as it is, in one line");
	writing.subject = NULL;
	config->properties.email.default_subject = "Welcome";
	mail_render(arena, &writing, &letter);
	is_text(letter.subject, "Welcome", "or the agent's");
	config->properties.email.default_subject = NULL;
	mail_render(arena, &writing, &letter);
	ok(letter.subject[0] != '\0', "or some");
	is_text(mail_subject_bare("Regarding"), "Regarding",
	    "a word that begins so is none");
}

static void
test_body(struct arena *arena, struct agent_config *config)
{
	struct agent_email *style = &config->properties.email;
	struct mail_writing writing = { .style = style,
		.words = "Hello <Ada>\n{{x}}",
		.subject = "S",
		.unsubscribe = "https://x/u",
		.quoted = "My question",
		.quoted_from = "ada@example.com" };
	struct mail_letter letter;

	mail_render(arena, &writing, &letter);
	is_text(letter.text,
	    "Hello <Ada>\n{{x}}\n\n"
	    "To get no more of these mails: https://x/u\n",
	    "text, with how to get no more");
	is_text(letter.html,
	    "<p>Hello &lt;Ada&gt;<br>\n{{x}}</p>\n"
	    "<p><small><a href=\"https://x/u\">Unsubscribe</a></small></p>\n",
	    "and HTML, in which words are words");
	style->include_unsubscribe_footer = false;
	style->quote_history = true;
	style->signature = "The team";
	style->delivery.body_template = "Dear you,\n{{agent_response}}";
	style->template_wrapper = "<html>{{ body }}</html>";
	mail_render(arena, &writing, &letter);
	is_text(letter.text,
	    "Dear you,\nHello <Ada>\n{{x}}\n\n-- \nThe team\n\n"
	    "ada@example.com wrote:\n> My question\n",
	    "in a template, with a signature and what it answers");
	is_text(letter.html,
	    "<html><p>Dear you,<br>\nHello &lt;Ada&gt;<br>\n{{x}}</p>\n"
	    "<p>-- <br>\nThe team</p>\n"
	    "<p>ada@example.com wrote:</p>\n<blockquote>\n"
	    "<p>My question</p>\n</blockquote>\n</html>",
	    "both of them");
	style->body_format = BODY_PLAINTEXT;
	mail_render(arena, &writing, &letter);
	is_text(letter.html, NULL, "or text alone");
	style->body_format = BODY_HTML;
	mail_render(arena, &writing, &letter);
	is_text(letter.text, NULL, "or HTML alone");
}

int
main(void)
{
	struct arena *arena = arena_new();
	struct agent_config config;

	agent_config_init(&config);
	test_subject(arena, &config);
	agent_config_init(&config);
	test_body(arena, &config);
	arena_free(arena);
	return done();
}
