/*
 * Conditions on variables: {"variable": "plan", "operator": "===",
 * "value": "gold"}.
 *
 * The value is written as text; it is compared as what the variable is: as
 * a number with a number, as true or false with a boolean, else as text.  A
 * variable that has no value is unequal to everything, and neither before
 * nor behind it.
 */
#ifndef PARLEY_MODEL_CONDITION_H
#define PARLEY_MODEL_CONDITION_H

#include "base/base.h"
#include "base/names.h"

struct json_object;
struct schema;

enum comparison {
	COMPARISON_EQUAL,
	COMPARISON_UNEQUAL,
	COMPARISON_ABOVE,
	COMPARISON_AT_LEAST,
	COMPARISON_BELOW,
	COMPARISON_AT_MOST,
	COMPARISON_CONTAINS, /* a part of a text, an item of an array */
	COMPARISON_N
};

struct condition {
	const char *variable; /* NULL: there is no condition */
	int operator;         /* enum comparison */
	const char *value;
};

extern const struct names comparison_names;
extern const struct schema condition_schema;

/* Does it hold for these variables, a JSON object?  None always does. */
bool condition_holds(
    const struct condition *condition, struct json_object *variables);

#endif
