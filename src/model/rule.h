/*
 * What is decided without a model: comparisons of variables, and words that
 * a user's text has.
 *
 * An edge has its rules in `data.conditions`, an array of
 *
 *   ["plan", "==", "gold"]
 *   {"variable": "plan", "operator": "==", "value": "gold"}
 *   {"keywords": ["yes", "of course"]}
 *
 * all of which must hold.  A webhook's routes have theirs in
 * `responsePathways`: ["plan", "==", "gold", {"id": "next"}].
 *
 * Documents hold values as texts, so comparing is loose: numbers by value
 * wherever both sides are numbers, true and false with their words, texts in
 * any case of A to Z.  What has no value is null, equal to "" and "null", and
 * neither above nor below anything.
 */
#ifndef PARLEY_MODEL_RULE_H
#define PARLEY_MODEL_RULE_H

#include "base/base.h"
#include "base/names.h"

struct arena;
struct json_object;

enum rule_operator {
	RULE_EQUAL,
	RULE_UNEQUAL,
	RULE_ABOVE,
	RULE_AT_LEAST,
	RULE_BELOW,
	RULE_AT_MOST,
	RULE_CONTAINS,
	RULE_IS,        /* "null" or "not null" */
	RULE_KEYWORDS,  /* value: JSON array of texts, one of which is said */
	RULE_COMPLETED, /* the request was answered by 2xx */
	RULE_FAILED,
	RULE_OPERATOR_N
};

extern const struct names rule_operator_names; /* "==" */

struct rule {
	int kind;             /* enum rule_operator */
	const char *variable; /* a path, as in templates */
	const char *value;
};

/* What a rule is held against. */
struct rule_facts {
	struct json_object *variables;
	const char *said; /* by the user just now; NULL: nothing */
	bool completed;   /* the request, where there was one */
};

/* Reads one of a document, of any form above or a route's.  INVALID: it is
 * none. */
enum outcome rule_read(struct arena *arena, struct json_object *document,
    struct rule *rule) MUSTCHECK;

bool rule_holds(struct arena *arena, const struct rule *rule,
    const struct rule_facts *facts);

/* "plan == gold", for reasons. */
const char *rule_text(struct arena *arena, const struct rule *rule);

#endif
