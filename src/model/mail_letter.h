/*
 * An email of ours, ready to be written as MIME: every header that it has is
 * here, so that the same letter is the same bytes however often it is sent.
 */
#ifndef PARLEY_MODEL_MAIL_LETTER_H
#define PARLEY_MODEL_MAIL_LETTER_H

#include "model/mail.h"

struct mail_letter {
	const char *message_id;  /* ours, without brackets */
	const char *in_reply_to; /* the same of another; NULL: none */
	const char *references;  /* "<...> <...>"; NULL: none */
	struct mail_person from;
	const char *to; /* an address */
	struct list cc; /* of const char * */
	const char *subject;
	const char *text;           /* NULL: only HTML */
	const char *html;           /* NULL: only text */
	const char *unsubscribe;    /* a URL that is posted to; NULL: none */
	const char *auto_submitted; /* "auto-replied" */
	int64_t date;
};

#endif
