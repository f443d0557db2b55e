/*
 * Asking a model about a conversation: after its end, and when a client
 * asks at once (kind `analyse`).
 *
 * One request to the model after another, outside of any transaction.  What
 * was found by the time that has to stop is kept with the work, and the next
 * try asks the rest.
 */
#ifndef PARLEY_WORK_ANALYSE_H
#define PARLEY_WORK_ANALYSE_H

#include "model/analysis.h"
#include "work/kinds.h"

struct db;

#define INQUIRY_MOST 201 /* questions: two lists of references, a summary */

struct inquiry {
	struct talk talk;
	struct question questions[INQUIRY_MOST];
	size_t count;
	struct finding findings[INQUIRY_MOST]; /* in the questions' order */
	size_t found;
	int64_t skipped; /* definitions that are gone, or ask for nothing */
};

/* Adds the questions of definitions, by a JSON array of their ids or names
 * (NULL: none).  Reads the store. */
enum outcome inquiry_add_citations(struct inquiry *inquiry, struct job *job,
    struct db *db, const char *references) MUSTCHECK;
enum outcome inquiry_add_dispositions(struct inquiry *inquiry, struct job *job,
    struct db *db, const char *references) MUSTCHECK;

void inquiry_add(struct inquiry *inquiry, const struct question *question);

/* Takes the findings of earlier tries, of questions that are still asked. */
void inquiry_take(struct inquiry *inquiry, const struct list *findings);

/* What was found: a list of struct finding. */
struct list inquiry_found(const struct inquiry *inquiry);

/* Asks what is not found yet.  OK: every question has its finding, be it an
 * error.  AGAIN, with job->reason and job->due: the model cannot be reached
 * and may be later, or the time of this try is over. */
enum outcome inquiry_ask(struct inquiry *inquiry, struct job *job) MUSTCHECK;

performer analyse_perform;

#endif
