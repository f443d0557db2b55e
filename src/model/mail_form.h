/*
 * A mail that a provider took apart into the fields of a form, as a mail
 * again: so that there is one way for every mail, whoever brings it, and it
 * is read where MIME is.  Of files only names, types and sizes go along.
 */
#ifndef PARLEY_MODEL_MAIL_FORM_H
#define PARLEY_MODEL_MAIL_FORM_H

#include "base/base.h"

#define MAIL_FORM_FILES 100

struct arena;

struct mail_form_body {
	const char *bytes; /* NULL: there is none */
	size_t length;
	const char *charset; /* NULL: UTF-8 */
};

struct mail_form_file {
	const char *name; /* NULL: none */
	const char *type;
	size_t size;
};

struct mail_form {
	const char *headers; /* as they were, each a line; NULL: not sent */
	const char *header_pairs; /* JSON: [["Name","value"],...]; or NULL */
	const char *from, *to, *cc, *subject; /* where there are no headers */
	struct mail_form_body text, html;
	const struct mail_form_file *files;
	size_t files_count;
};

/* The mail; its bytes may be none of text. */
void mail_form_write(struct arena *arena, const struct mail_form *form,
    const char **bytes, size_t *length);

#endif
