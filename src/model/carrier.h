/*
 * Carriers: the accounts at providers that numbers belong to.  Credentials
 * go in and never come out.
 */
#ifndef PARLEY_MODEL_CARRIER_H
#define PARLEY_MODEL_CARRIER_H

#include "base/base.h"
#include "base/id.h"
#include "base/names.h"

struct arena;
struct faults;
struct schema;

enum carrier_kind {
	CARRIER_LOOPBACK,
	CARRIER_TWILIO,
	CARRIER_LIVEKIT, /* rooms, and no numbers */
	CARRIER_SMTP,    /* email, and no numbers */
	CARRIER_KIND_N
};

extern const struct names carrier_kind_names;

struct carrier {
	struct id id;
	int kind; /* enum carrier_kind */
	const char *name;
	const char *account_sid; /* the provider's name for the account */
	const char *auth_token;  /* only on its way in */
	const char *sealed;      /* the token, as it is stored */
	const char *base_url;    /* NULL: the provider's */
	const char *username;    /* at a mail server; NULL: none is asked for */
	const char *signing_key; /* of calls to us; only on its way in */
	const char *signing_sealed;   /* the same, as it is stored */
	const char *verification_key; /* base64 of their public key */
	int64_t created_at;
};

/* One table for the request and the answer: auth_token is only read. */
extern const struct schema carrier_schema;

/* A provider's carrier needs an account and a token, and one that stands
 * nowhere by itself an address.  INVALID, with a fault for each. */
enum outcome carrier_check(
    const struct carrier *carrier, struct faults *faults) MUSTCHECK;

/* What its signing key is sealed with: other words than its token is, so
 * that neither opens in the place of the other. */
const char *carrier_signing_context(
    struct arena *arena, const struct carrier *carrier);

/* Can phone numbers be its? */
bool carrier_has_numbers(const struct carrier *carrier);

#endif
