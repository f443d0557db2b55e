/*
 * How a function ends.  OK is 0, so `if (rc)` reads as "it did not work".
 *
 * Everything but FAULT is expected: it is passed up in silence and becomes
 * a reply or the result of a piece of work.  A FAULT (a broken database, a
 * broken disk) was logged by the function that met it, and by no one else.
 */
#ifndef PARLEY_BASE_OUTCOME_H
#define PARLEY_BASE_OUTCOME_H

enum outcome {
	OK,
	NOT_FOUND,   /* there is no such thing, or it is another account's */
	CONFLICT,    /* a key that must be unique is taken */
	INVALID,     /* the input is wrong; the faults say where */
	DENIED,      /* the caller may not */
	LIMITED,     /* too much, too often, too large */
	AGAIN,       /* a passing trouble: the same call may work later */
	UNAVAILABLE, /* something outside is down; already logged */
	FAULT,       /* something of ours is broken; already logged */
	OUTCOME_N
};

/* The outcome's name in lower case, as it stands in logs: "not found". */
const char *outcome_name(enum outcome outcome);

#endif
