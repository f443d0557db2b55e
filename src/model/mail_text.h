/*
 * The words of an email: what is new in it, what its HTML says, and HTML for
 * words of ours.
 */
#ifndef PARLEY_MODEL_MAIL_TEXT_H
#define PARLEY_MODEL_MAIL_TEXT_H

#include "base/base.h"

struct arena;
struct buf;

/* What the sender wrote now: without the mail that is quoted at its end and
 * without a signature behind "-- ".  Where nothing is left, the text as it
 * is.  Never longer than `most` bytes. */
const char *mail_text_fresh(struct arena *arena, const char *text, size_t most);

/* The words of HTML, with line ends where blocks end; scripts, styles and
 * comments are left out.  Never longer than `most` bytes. */
const char *mail_text_of_html(
    struct arena *arena, const char *html, size_t most);

/* Adds a text as HTML: escaped, an empty line parts paragraphs, addresses of
 * the web become links. */
void mail_text_add_html(struct buf *html, const char *text);

/* The text with "> " before each line. */
const char *mail_text_quote(struct arena *arena, const char *text);

/* The text with `value` in each place of {{name}}; blanks within the braces
 * are fine. */
const char *mail_text_fill(
    struct arena *arena, const char *text, const char *name, const char *value);

#endif
