/*
 * What was said in a conversation, in order, and between it the tools that
 * the agent used: a call and its result have the same call_id.
 *
 * The messages are those of the store; the calls stand in the traces of the
 * turns (model/trace) that were kept.
 */
#ifndef PARLEY_MODEL_TRANSCRIPT_H
#define PARLEY_MODEL_TRANSCRIPT_H

#include "base/base.h"
#include "model/field.h"

struct arena;

/* Its turns are of struct transcript_turn, which only this module looks
 * into. */
struct transcript {
	struct list turns;
};

/* What was said, a call, or its result. */
extern const struct schema transcript_turn_schema;

/* {"turns": [...]} */
extern const struct schema transcript_schema;

/* Of a conversation's messages (struct message, in order) and its turns
 * (struct turn_record, in order; of each its id, user_seq and trace).  A trace
 * that is none is passed over.  The texts are borrowed. */
struct transcript *transcript_new(struct arena *arena,
    const struct list *messages, const struct list *records);

/* Adds what they have as mails (struct mail_course) to the messages of these
 * seqs.  Borrowed. */
void transcript_add_mails(
    struct transcript *transcript, const struct list *courses);

#endif
