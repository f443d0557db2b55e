/*
 * What lists of conversations are found by, beside the columns and indexes of
 * the table itself: the parts of who talks (party_part), and the leaves of
 * the metadata (metadata_leaf, model/leaf).  store/conversation.c keeps them,
 * in the statements' own transaction.
 *
 * A name is found by any piece of it in any case: from each of its characters
 * on, PARTY_PART of them are kept in small letters, once for the account
 * however often it talks.
 */
#ifndef PARLEY_STORE_CONVERSATION_INDEX_H
#define PARLEY_STORE_CONVERSATION_INDEX_H

#include "base/base.h"

#define PARTY_PART 8 /* characters */

struct arena;
struct conversation;
struct db;

/* Of a new conversation.  One round trip, and one for each eight leaves. */
enum outcome conversation_index_add(
    struct db *db, const struct conversation *conversation) MUSTCHECK;

/* After its metadata may have changed: none where it did not. */
enum outcome conversation_index_change(
    struct db *db, const struct conversation *conversation) MUSTCHECK;

/* After its row was deleted: its leaves, and the parts of those who talk no
 * more. */
enum outcome conversation_index_delete(
    struct db *db, const struct conversation *conversation) MUSTCHECK;

#endif
