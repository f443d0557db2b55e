/*
 * What numbers and conversations refer to, and whether it is there: a
 * reference must exist in the account when it is written.
 */
#ifndef PARLEY_STORE_REFERENCE_H
#define PARLEY_STORE_REFERENCE_H

#include "base/base.h"
#include "base/id.h"

struct agent_config;
struct arena;
struct db;
struct faults;
struct number_config;
struct position;

/* The names under which a request has the parts of a position. */
struct position_fields {
	const char *pathway, *version, *node;
};

/* Is there this pathway, this version of it (a number, its name, "latest",
 * "production", "staging" or "draft"; NULL: production, else the latest)
 * and this node in it?  A node without a pathway is INVALID.  INVALID, with
 * a fault. */
enum outcome reference_check_position(struct db *db, struct arena *arena,
    const struct id *account, const struct position *position,
    const struct position_fields *fields, struct faults *faults) MUSTCHECK;

/* Are the tools, outcomes, citation schemas and the pathway there that a
 * request gives?  `given` holds only what the request set, `config` what
 * comes of it.  What was written before is not looked at again: it may have
 * been deleted since.  INVALID, with a fault for each that is not there. */
enum outcome reference_check_config(struct db *db, struct arena *arena,
    const struct id *account, const struct number_config *given,
    const struct number_config *config, struct faults *faults) MUSTCHECK;

/* The same of an agent's config, whose document stands at `path` ("": it is
 * the whole). */
enum outcome reference_check_agent(struct db *db, struct arena *arena,
    const struct id *account, const struct agent_config *config,
    const char *path, struct faults *faults) MUSTCHECK;

#endif
