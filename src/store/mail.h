/*
 * What messages of conversations by email have as mails, and between whom
 * each conversation is.
 */
#ifndef PARLEY_STORE_MAIL_H
#define PARLEY_STORE_MAIL_H

#include "base/base.h"
#include "base/id.h"

#define MAIL_PARENTS_MOST 16 /* rows that one Message-ID may lead to */

struct arena;
struct db;
struct rows;

/* Between whom a conversation is; addresses in small letters. */
struct mail_thread {
	struct id conversation_id;
	const char *agent_address;
	const char *user_address;
	const char *cc; /* JSON array of texts */
};

struct mail_row {
	struct id conversation_id;
	int64_t seq;
	const char *message_id; /* NULL: it had none */
	const char *chain;      /* its References: "<...> <...>", or NULL */
	const char *sender;
	const char *recipients; /* JSON arrays of texts */
	const char *cc;
	const char *subject;
	const char *text; /* all of it, with what it quotes; NULL: none */
	const char *html;
	const char *suppressed_reason; /* why the agent does not answer */
	int delivery;                  /* enum mail_delivery */
	const char *error_code;
	int64_t created_at;
};

/* A mail that another one refers to, and its conversation's thread. */
struct mail_parent {
	struct mail_thread thread;
	int64_t seq;
};

/* CONFLICT: the conversation has one. */
enum outcome mail_thread_insert(struct db *db, const struct id *account,
    const struct mail_thread *thread) MUSTCHECK;

/* NOT_FOUND. */
enum outcome mail_thread_find(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation,
    struct mail_thread *thread) MUSTCHECK;

/* Who is copied from now on. */
enum outcome mail_thread_copy(struct db *db, const struct id *account,
    const struct id *conversation, const char *cc) MUSTCHECK;

/* Inserts it, with the present time.  CONFLICT: the conversation has this
 * mail, or the message has one. */
enum outcome mail_insert(
    struct db *db, const struct id *account, struct mail_row *row) MUSTCHECK;

/* Is this the mail of a message?  NOT_FOUND. */
enum outcome mail_find(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation, int64_t seq,
    struct mail_row *row) MUSTCHECK;

/* Those of a conversation, in order: rows of struct mail_course. */
enum outcome mail_courses(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation,
    struct rows *rows) MUSTCHECK;

/* Those of this Message-ID, in whatever conversations of the account: rows
 * of struct mail_parent, the newest first. */
enum outcome mail_parents_find(struct db *db, struct arena *arena,
    const struct id *account, const char *message_id,
    struct rows *rows) MUSTCHECK;

/* The conversation's last mail before `seq` that has an id.  NOT_FOUND. */
enum outcome mail_last(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation, int64_t seq,
    struct mail_row *row) MUSTCHECK;

/* Is a conversation's user in the ledger of who is not written to?
 * NOT_FOUND: no. */
enum outcome mail_thread_suppressed(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation) MUSTCHECK;

/* Is it the turn of this mail (`seq`) of the conversation?  CONFLICT: an
 * earlier one is on its way. */
enum outcome mail_turn(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation,
    int64_t seq) MUSTCHECK;

/* Deletes all of a conversation for good, and whom it was between. */
enum outcome mail_delete_all(struct db *db, const struct id *account,
    const struct id *conversation) MUSTCHECK;

/* A report of what became of a mail of ours. */
struct mail_report {
	const char *message_id;
	int delivery; /* enum mail_delivery */
	int64_t at;
	const char *error_code; /* NULL: none */
	const char *link;       /* that was clicked; NULL: none */
};

/* Applies it where it outranks what is known, to the message as well, and
 * writes an address that bounced or complained into the ledger, in any case.
 * NOT_FOUND: it is of no mail of ours. */
enum outcome mail_report_apply(struct db *db, struct arena *arena,
    const struct id *account, const struct mail_report *report) MUSTCHECK;

/* Sets what is known of a mail's delivery, if it rises. */
enum outcome mail_set_delivery(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation, int64_t seq,
    const struct mail_report *report) MUSTCHECK;

#endif
