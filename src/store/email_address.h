/*
 * The account's email addresses.  Addresses are in small letters here.
 */
#ifndef PARLEY_STORE_EMAIL_ADDRESS_H
#define PARLEY_STORE_EMAIL_ADDRESS_H

#include "model/email_address.h"

#define EMAIL_OWNERS_MOST 8 /* accounts that may claim one address */

struct arena;
struct carrier;
struct db;
struct rows;

/* Inserts it, with the present time.  CONFLICT: the account has it. */
enum outcome email_address_insert(struct db *db, const struct id *account,
    struct email_address *address) MUSTCHECK;

/* NOT_FOUND. */
enum outcome email_address_find(struct db *db, struct arena *arena,
    const struct id *account, const char *address,
    struct email_address *found) MUSTCHECK;

/* The same for where a mail was sent to: with its detail or without it. */
enum outcome email_address_find_for(struct db *db, struct arena *arena,
    const struct id *account, const char *recipient,
    struct email_address *found) MUSTCHECK;

/* An account's addresses: rows of struct email_address. */
enum outcome email_address_list(struct db *db, struct arena *arena,
    const struct id *account, struct rows *rows) MUSTCHECK;

/* The only one of the account.  NOT_FOUND; CONFLICT: there are several. */
enum outcome email_address_only(struct db *db, struct arena *arena,
    const struct id *account, struct email_address *found) MUSTCHECK;

/* Writes carrier, agent and label.  NOT_FOUND. */
enum outcome email_address_update(struct db *db, const struct id *account,
    const struct email_address *address) MUSTCHECK;

/* NOT_FOUND. */
enum outcome email_address_delete(
    struct db *db, const struct id *account, const char *address) MUSTCHECK;

/* The carrier by which mail from it leaves.  NOT_FOUND. */
enum outcome email_address_carrier(struct db *db, struct arena *arena,
    const struct id *account, const char *address,
    struct carrier *carrier) MUSTCHECK;

/* Whose it may be. */
struct email_owner {
	struct id account_id;
	struct id carrier_id;
};

/* The first EMAIL_OWNERS_MOST accounts that have this address: rows of
 * struct email_owner. */
enum outcome email_address_owners(struct db *db, struct arena *arena,
    const char *address, struct rows *rows) MUSTCHECK;

#endif
