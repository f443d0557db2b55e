/*
 * Transcripts, from messages and turns.
 */
#ifndef PARLEY_STORE_TRANSCRIPT_H
#define PARLEY_STORE_TRANSCRIPT_H

#include "base/base.h"

struct arena;
struct conversation;
struct db;
struct transcript;

/* That of a conversation: all its messages, and the tools of its last
 * hundred turns that used some. */
enum outcome transcript_read(struct db *db, struct arena *arena,
    const struct conversation *conversation,
    struct transcript **transcript) MUSTCHECK;

#endif
