/*
 * The kinds of work: one table, a row for each.  To add a kind, write its
 * file, with the function that performs it, and add its row.
 *
 * A performer reads what it needs in short transactions, calls whatever it
 * calls outside of any, and ends with what is to be recorded: a function
 * that runs within the recording transaction, when the piece is known to be
 * still ours.  It is safe to repeat: a worker may die at any point.
 */
#ifndef PARLEY_WORK_KINDS_H
#define PARLEY_WORK_KINDS_H

#include "base/base.h"
#include "model/work.h"

struct arena;
struct config;
struct conversation;
struct db;
struct db_pool;
struct job;

/* What a performer, and what it records, is given. */
struct job {
	struct arena *arena;
	const struct config *config;
	const unsigned char *secret_key; /* NULL: none is configured */
	struct db_pool *pool;
	const char *worker; /* our name, for what is claimed */
	struct work work;
	int64_t since;        /* of when_elapsed: it was taken up */
	enum outcome outcome; /* of the performance, for `record` */
	const char *reason;   /* why again, or dead, in words */
	const char *result;   /* JSON object, of what is done; or NULL */
	int64_t due;          /* when again; 0: by the kind's schedule */
	bool put_off;         /* AGAIN, and this was no attempt: until `due` */

	/* Runs in the transaction that records, before the work's own row
	 * is changed.  NULL: nothing else changes. */
	enum outcome (*record)(struct db *db, struct job *job);
	void *context; /* the performer's, for `record` */
	/* Where the performer sets it, the conversation that the piece is
	 * about, locked for `record`; its id is zeros where it is gone. */
	struct conversation *conversation;
	/* A piece that `record` wrote as claimed, for the same thread to
	 * perform when that is committed; its context is set.  NULL: none. */
	struct job *next;
};

/* How a performance ended: OK is done, AGAIN is tried again by the kind's
 * schedule (job->reason says why), anything else is given up. */
typedef enum outcome performer(struct job *job);

struct kind {
	performer *perform;      /* NULL: this program does not do it */
	const int64_t *schedule; /* seconds before each further try */
	size_t tries;            /* length of the schedule */
	bool endless; /* past it, the last pause is repeated for ever */

	/* Runs in the transaction that gives a piece up: what it was about
	 * is told so.  NULL: nothing is. */
	enum outcome (*give_up)(struct db *db, struct job *job);
};

/* Indexed by enum work_kind. */
extern const struct kind kinds[WORK_KIND_N];

/* When the try after `attempt` is due, with jitter of a tenth; 0 when there
 * is none. */
int64_t kind_next_try(const struct kind *kind, int64_t attempt, int64_t now);

#endif
