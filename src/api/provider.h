/*
 * The secrets that are shared with providers, as this program needs them: to
 * verify what a provider signed when it calls, and to sign for one.
 */
#ifndef PARLEY_API_PROVIDER_H
#define PARLEY_API_PROVIDER_H

#include "model/carrier.h"

struct call;

/* A carrier's secret, opened; "" where it has none, or none that can be
 * opened here: nothing is signed by that. */
const char *provider_secret(struct call *call, const struct carrier *carrier);

/* The secret of whoever calls, by the provider's name for the account (NULL:
 * they name none), and whose it is.  "" where there is no such carrier, which
 * takes as long; then the account is none. */
enum outcome provider_find(struct call *call, enum carrier_kind kind,
    const char *account_sid, struct id *account, const char **secret) MUSTCHECK;

#endif
