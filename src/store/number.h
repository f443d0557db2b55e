/*
 * Phone numbers, what each does on its channels, and how many
 * conversations it has.
 */
#ifndef PARLEY_STORE_NUMBER_H
#define PARLEY_STORE_NUMBER_H

#include "model/carrier.h"
#include "model/number.h"

struct arena;
struct db;
struct pair;
struct rows;

/* A number with its config on one channel, as lists show it. */
struct number_entry {
	const char *number;
	struct number_config config;
	int64_t conversations;
};

/* Inserts the number, with the present time.  CONFLICT: the account has
 * it. */
enum outcome number_insert(struct db *db, const struct id *account,
    struct phone_number *number) MUSTCHECK;

/* With its channels.  NOT_FOUND. */
enum outcome number_find(struct db *db, struct arena *arena,
    const struct id *account, const char *number,
    struct phone_number *found) MUSTCHECK;

/* An account's numbers with their channels, by number: rows of struct
 * phone_number. */
enum outcome number_list(struct db *db, struct arena *arena,
    const struct id *account, struct rows *rows) MUSTCHECK;

/* Those that have a version of this agent in one of their places: the same
 * rows. */
enum outcome number_list_of_agent(struct db *db, struct arena *arena,
    const struct id *account, const struct id *agent,
    struct rows *rows) MUSTCHECK;

/* Writes which agents' versions answer its calls and call in its name;
 * number_hold comes before. */
enum outcome number_set_agents(struct db *db, const struct id *account,
    const struct phone_number *number) MUSTCHECK;

/* Changes label and carrier.  NOT_FOUND. */
enum outcome number_update(struct db *db, const struct id *account,
    const struct phone_number *number) MUSTCHECK;

/* Locks the number until the transaction ends, so that what refers to it
 * can be changed.  NOT_FOUND. */
enum outcome number_hold(struct db *db, struct arena *arena,
    const struct id *account, const char *number) MUSTCHECK;

/* Deletes it with its configs and counts; number_hold comes before.
 * CONFLICT: a conversation on it is open. */
enum outcome number_delete(struct db *db, struct arena *arena,
    const struct id *account, const char *number) MUSTCHECK;

/* The config of a number on a channel.  NOT_FOUND: the account has no such
 * number, or not on this channel. */
enum outcome number_config_find(struct db *db, struct arena *arena,
    const struct id *account, const char *number, int channel,
    struct number_config *config) MUSTCHECK;

/* The config of a pair's number, and whether its user said STOP to it, in one
 * round trip.  NOT_FOUND, as above. */
enum outcome number_config_find_for(struct db *db, struct arena *arena,
    const struct id *account, const struct pair *pair,
    struct number_config *config, bool *opted_out) MUSTCHECK;

/* By whom and how what a pair's agent says leaves. */
struct number_way {
	struct number_config config;
	bool opted_out;         /* the user said STOP */
	struct carrier carrier; /* what it is called with, no more */
};

/* In one round trip.  NOT_FOUND: the account has no such number, or not on
 * this channel, or it has no carrier. */
enum outcome number_way_find(struct db *db, struct arena *arena,
    const struct id *account, const struct pair *pair,
    struct number_way *way) MUSTCHECK;

/* What there is to know of a text that a carrier brings. */
struct number_called {
	struct id account_id;   /* the carrier's */
	struct carrier carrier; /* its id and the sealed token, no more */
	bool has_number;        /* the account has it on this channel */
	struct number_config config;
	bool opted_out;
};

/* The carrier of a provider's account, and as above for the pair in the
 * account that the carrier is of; in one round trip.  Whether whoever asks
 * may know is for the caller: the token says.  NOT_FOUND: there is no such
 * carrier. */
enum outcome number_find_called(struct db *db, struct arena *arena, int kind,
    const char *account_sid, const struct pair *pair,
    struct number_called *called) MUSTCHECK;

/* Only the settings of the clock: what `create` reads for each message.
 * NOT_FOUND, as above. */
enum outcome number_silence_find(struct db *db, struct arena *arena,
    const struct id *account, const char *number, int channel,
    struct silence *silence) MUSTCHECK;

/* A number on a channel. */
struct number_place {
	const char *number;
	int channel; /* enum channel */
};

/* The only place in an account that is on `channel` (-1: on any) and of
 * `number` (NULL: of any).  NOT_FOUND: there is none.  CONFLICT: there are
 * several. */
enum outcome number_find_only(struct db *db, struct arena *arena,
    const struct id *account, const char *number, int channel,
    struct number_place *only) MUSTCHECK;

/* Writes the whole config, whether there was one or not. */
enum outcome number_config_save(struct db *db, const struct id *account,
    const char *number, int channel,
    const struct number_config *config) MUSTCHECK;

/* Takes the number off a channel. */
enum outcome number_config_delete(struct db *db, const struct id *account,
    const char *number, int channel) MUSTCHECK;

/* The numbers of a channel with configs and counts, by number: rows of
 * struct number_entry. */
enum outcome number_entries(struct db *db, struct arena *arena,
    const struct id *account, int channel, struct rows *rows) MUSTCHECK;

/* Adds to the count of a number's conversations; `conversation` picks one
 * of the 16 rows that it is spread over. */
enum outcome number_count_add(struct db *db, const struct id *account,
    const char *number, int channel, const struct id *conversation,
    int64_t change) MUSTCHECK;

#endif
