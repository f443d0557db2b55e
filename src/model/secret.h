/*
 * Secrets of an account: what its tools need to say who they are.
 *
 * A definition names one, {{SECRET.NAME}}, and its value is put there at the
 * moment of the request and nowhere else.  It is given once, kept sealed
 * (base/secret), and never shown.  Names differ by more than case, because
 * places do not know case.
 */
#ifndef PARLEY_MODEL_SECRET_H
#define PARLEY_MODEL_SECRET_H

#include "base/base.h"
#include "base/id.h"

#define SECRET_NAME_MOST 64
#define SECRET_VALUE_MOST 8192 /* bytes */
#define SECRETS_MOST 200       /* of an account */

struct schema;

struct secret {
	struct id id;
	const char *name;
	const char *value;  /* in clear; NULL: not here */
	const char *sealed; /* under the account and the id */
	int64_t created_at;
	int64_t updated_at;
};

extern const struct schema secret_schema;         /* without its value */
extern const struct schema secret_request_schema; /* name and value */

/* Is this a name: of A-Z, a-z, 0-9 and "_", at most SECRET_NAME_MOST? */
bool secret_name_is_good(const char *name);

#endif
