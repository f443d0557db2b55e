/*
 * The language model that answers for an account: its own where it has
 * chosen one, or else the deployment's.  A key goes in and never comes out.
 */
#ifndef PARLEY_MODEL_MODEL_SETTING_H
#define PARLEY_MODEL_MODEL_SETTING_H

#include "base/base.h"
#include "base/names.h"

struct faults;
struct schema;

enum model_source {
	MODEL_NONE,       /* nothing answers */
	MODEL_ACCOUNT,    /* the account's own */
	MODEL_DEPLOYMENT, /* [llm] */
	MODEL_SOURCE_N
};

extern const struct names model_source_names;

struct model_setting {
	int source; /* enum model_source */
	const char *url;
	const char *model;
	const char *key;    /* only on its way in */
	const char *sealed; /* the key as it is stored; NULL: none */
	bool has_key;       /* only in answers */
	int64_t updated_at;
};

extern const struct schema model_setting_request_schema;
extern const struct schema model_setting_schema; /* what is shown */

/* Is this the base of a server's addresses: without "?" and "#"?  INVALID,
 * with a fault. */
enum outcome model_setting_check(
    const struct model_setting *setting, struct faults *faults) MUSTCHECK;

#endif
