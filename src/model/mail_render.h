/*
 * The agent's words as an email: its version's template, signature, wrapper
 * and footer around them, as text, as HTML or as both.
 */
#ifndef PARLEY_MODEL_MAIL_RENDER_H
#define PARLEY_MODEL_MAIL_RENDER_H

#include "base/base.h"

struct agent_email;
struct arena;
struct mail_letter;

struct mail_writing {
	const struct agent_email *style;
	const char *words;
	const char *subject; /* of the conversation; NULL: none yet */
	bool is_reply;
	const char *unsubscribe; /* a URL for its footer; NULL: there is none */
	const char *quoted;      /* what it answers; NULL: nothing */
	const char *quoted_from; /* whose words they are */
};

/* Sets the letter's subject, text and html. */
void mail_render(struct arena *arena, const struct mail_writing *writing,
    struct mail_letter *letter);

/* A subject without "Re:" and the like before it; borrowed. */
const char *mail_subject_bare(const char *subject);

#endif
