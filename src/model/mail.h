/*
 * An email as we understand it, and the rules by which it finds its agent
 * and its conversation, and is answered or not.
 *
 * Whoever reads the MIME (upstream/mime.h), or a provider's form, fills a
 * struct mail; from there on nobody looks at headers again.  Addresses in it
 * are plain (model/mail_address.h), everything else is text without line
 * ends where it stood in a header.
 */
#ifndef PARLEY_MODEL_MAIL_H
#define PARLEY_MODEL_MAIL_H

#include "base/base.h"
#include "model/field.h"

#define MAIL_MOST (30 << 20)  /* bytes of a mail as it arrives */
#define MAIL_TEXT_MOST 60000  /* bytes of its words that become a message */
#define MAIL_PEOPLE_MOST 100  /* addresses of a header that are looked at */
#define MAIL_IDS_MOST 100     /* ids of References that are looked at */
#define MAIL_SUBJECT_MOST 500 /* characters */
#define MAIL_ID_MOST 998      /* bytes: a line of RFC 5322 */

struct arena;

struct mail_person {
	const char *name; /* NULL: none */
	const char *address;
};

struct mail_attachment {
	const char *name;
	const char *type; /* "image/png" */
	int64_t size;     /* bytes, decoded */
};

struct mail {
	const char *message_id;  /* without its brackets; NULL: none */
	const char *in_reply_to; /* as the header is; NULL: none */
	const char *references;  /* the same */
	struct mail_person from;
	const char *reply_to;      /* an address; NULL: none */
	const char *envelope_from; /* NULL: nobody knows; "": nobody */
	struct list delivered_to;  /* of struct mail_person, as the next */
	struct list to, cc;
	const char *subject;
	const char *text; /* NULL: there is none */
	const char *html;
	struct list attachments; /* of struct mail_attachment */

	/* What says that a program wrote it. */
	const char *auto_submitted;
	const char *precedence;
	const char *response_suppress; /* X-Auto-Response-Suppress */
	bool is_list;                  /* List-Id or List-Unsubscribe */
	bool is_report;                /* multipart/report: a bounce */

	/* Of a report (RFC 3464): which of our mails, and what became of it
	 * ("5.1.1"). */
	const char *report_id;
	const char *report_status;

	bool is_cut; /* it had more parts than are looked at */
};

/* Who may be meant, in the order in which they are asked for. */
struct mail_target {
	const char *address; /* in small letters */
	bool only_cc;        /* it is named in Cc and nowhere else */
};

/* The first of the addresses that is an agent's gets the mail: that for
 * which the mail server took it (`recipient`; NULL: nobody knows), then
 * Delivered-To, To and Cc.  A list of struct mail_target. */
struct list mail_targets(
    struct arena *arena, const struct mail *mail, const char *recipient);

/* Why it must not be answered, in words; NULL: a person wrote it.  RFC 3834,
 * section 2, and what is in use beside it. */
const char *mail_automatic(const struct mail *mail);

/* The ids that it refers to, nearest first, without brackets: a list of
 * const char *. */
struct list mail_parents(struct arena *arena, const struct mail *mail);

/* The References of a reply to a mail with these headers (RFC 5322, section
 * 3.6.4): "<...> <...>"; of a long chain the first and the last. */
const char *mail_chain(
    struct arena *arena, const char *references, const char *message_id);

/* Who gets a copy of the answer: everybody in To and Cc but the agent's own
 * addresses (JSON array of texts), the sender, robots, and who is there
 * twice.  As a JSON array of texts. */
const char *mail_reply_cc(
    struct arena *arena, const struct mail *mail, const char *own);

/* The same with another address, where it is not there. */
const char *mail_cc_with(
    struct arena *arena, const char *cc, const char *address);

/* Whom the answer goes to: Reply-To, else From. */
const char *mail_answer_to(const struct mail *mail);

/* Can this text stand in a header: one line, no control characters? */
bool mail_is_line(const char *text);

/* The text as one line, of at most `most` bytes; never cut within a
 * character. */
const char *mail_line(struct arena *arena, const char *text, size_t most);

/* The addresses of people as a JSON array of texts, and the texts of such an
 * array as a list of const char *. */
const char *mail_people_json(struct arena *arena, const struct list *people);
struct list mail_texts(struct arena *arena, const char *json);

/* The names, types and sizes of what was attached, as JSON; NULL: nothing
 * was. */
const char *mail_media(struct arena *arena, const struct mail *mail);

#endif
