/*
 * An account: what everything belongs to, and whom nothing of another's is
 * ever shown.
 */
#ifndef PARLEY_MODEL_ACCOUNT_H
#define PARLEY_MODEL_ACCOUNT_H

#include "base/base.h"
#include "base/id.h"

struct account {
	struct id id;
	const char *name;
	int64_t created_at;
};

#endif
