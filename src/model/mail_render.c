#include "base/base.h"

#include "model/mail_render.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "model/agent_config.h"
#include "model/mail_letter.h"
#include "model/mail_text.h"

#include <string.h>

#define BODY_MOST (1 << 20)
#define NO_SUBJECT "Your conversation"

/* What programs of several languages put before the subject of a reply. */
static const char *const replies[] = {
	"re:", "aw:", "sv:", "antw:", "fw:", "fwd:", "wg:"
};

const char *
mail_subject_bare(const char *subject)
{
	size_t i;

	for (;;) {
		subject += strspn(subject, " \t");
		for (i = 0; i < COUNT(replies); i++)
			if (text_starts_nocase(subject, replies[i]))
				break;
		if (i == COUNT(replies))
			return subject;
		subject += strlen(replies[i]);
	}
}

static const char *
subject_of(struct arena *arena, const struct mail_writing *writing)
{
	const char *subject = writing->subject;

	if (subject == NULL || text_is_blank(subject))
		subject = writing->style->default_subject;
	if (subject == NULL || text_is_blank(subject))
		subject = NO_SUBJECT;
	if (writing->is_reply && writing->style->subject_template != NULL)
		subject =
		    mail_text_fill(arena, writing->style->subject_template,
			"subject", mail_subject_bare(subject));
	return mail_line(arena, subject, MAIL_SUBJECT_MOST);
}

/* The words in their template, and the signature. */
static const char *
body_of(struct arena *arena, const struct mail_writing *writing)
{
	const char *template = writing->style->delivery.body_template;
	const char *signature = writing->style->signature;
	const char *body = writing->words;

	if (template != NULL)
		body = mail_text_fill(arena, template, "agent_response", body);
	if (signature == NULL || text_is_blank(signature))
		return body;
	return arena_format(arena, "%s\n\n-- \n%s", body, signature);
}

static bool
has_footer(const struct mail_writing *writing)
{
	return writing->unsubscribe != NULL &&
	       writing->style->include_unsubscribe_footer;
}

static bool
quotes(const struct mail_writing *writing)
{
	return writing->quoted != NULL && writing->style->quote_history;
}

static const char *
text_of(
    struct arena *arena, const struct mail_writing *writing, const char *body)
{
	struct buf text;

	buf_init(&text, arena, BODY_MOST);
	buf_add_format(&text, "%s\n", body);
	if (quotes(writing))
		buf_add_format(&text, "\n%s wrote:\n%s", writing->quoted_from,
		    mail_text_quote(arena, writing->quoted));
	if (has_footer(writing))
		buf_add_format(&text, "\nTo get no more of these mails: %s\n",
		    writing->unsubscribe);
	return buf_text(&text);
}

static const char *
html_of(
    struct arena *arena, const struct mail_writing *writing, const char *body)
{
	const char *wrapper = writing->style->template_wrapper;
	struct buf html;

	buf_init(&html, arena, BODY_MOST);
	mail_text_add_html(&html, body);
	if (quotes(writing)) {
		mail_text_add_html(&html,
		    arena_format(arena, "%s wrote:", writing->quoted_from));
		buf_add_text(&html, "<blockquote>\n");
		mail_text_add_html(&html, writing->quoted);
		buf_add_text(&html, "</blockquote>\n");
	}
	if (has_footer(writing))
		buf_add_format(&html,
		    "<p><small><a href=\"%s\">Unsubscribe</a></small></p>\n",
		    writing->unsubscribe);
	if (wrapper == NULL)
		return buf_text(&html);
	return mail_text_fill(arena, wrapper, "body", buf_text(&html));
}

void
mail_render(struct arena *arena, const struct mail_writing *writing,
    struct mail_letter *letter)
{
	const char *body = body_of(arena, writing);

	letter->subject = subject_of(arena, writing);
	letter->text = text_of(arena, writing, body);
	letter->html = html_of(arena, writing, body);
	if (writing->style->body_format == BODY_HTML)
		letter->text = NULL;
	if (writing->style->body_format == BODY_PLAINTEXT)
		letter->html = NULL;
}
