/*
 * The variables that every conversation has without anyone setting them.
 *
 * Two kinds.  Facts say who talks, when and in which conversation:
 * phone_number, from, to, short_from, short_to, call_id, callID, channel,
 * timezone, now, now_utc, today, timestamp.  They always win: a variable of
 * one of these names, in any case of letters, is passed over, since
 * variables are also filled from what users say, and a user must not become
 * another by saying so.  Defaults are country, state, city, zip ("") and
 * language ("en"); any variable wins over them.
 *
 * `from` is who wrote first and `to` whom; the short ones lack the "+" and
 * the country code.  now is local (RFC 3339, with its offset), now_utc the
 * same moment in UTC, today the local day in words with its weekday, and
 * timestamp now_utc with milliseconds.
 */
#ifndef PARLEY_MODEL_BUILTIN_H
#define PARLEY_MODEL_BUILTIN_H

#include "base/base.h"

struct arena;
struct json_object;

struct facts {
	int channel;          /* enum channel */
	const char *user;     /* E.164 */
	const char *agent;    /* E.164 */
	bool user_began;      /* the user wrote first */
	const char *id;       /* the conversation's, as text */
	const char *timezone; /* IANA; NULL or unknown: UTC */
	const char *language; /* NULL: "en" */
	int64_t now;
};

/* The built-in variables with the conversation's own (NULL: none), which
 * stay as they are.  The tree is the arena's. */
struct json_object *builtin_variables(struct arena *arena,
    const struct facts *facts, struct json_object *variables);

/* Is this, in any case of letters, the name of a fact? */
bool builtin_is_fact(const char *name);

#endif
