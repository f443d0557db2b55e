/*
 * What is wrong with an input, in the words that the client will read.
 *
 * A fault has a code (its reason), the field that it is about as a JSON
 * Pointer (RFC 6901), and a sentence that says what would be right.  They
 * are collected, so that one answer names every bad field.  The table of
 * reasons is model/reason.
 */
#ifndef PARLEY_BASE_FAULT_H
#define PARLEY_BASE_FAULT_H

#include "base/base.h"

#define FAULTS_MAX 50 /* kept; further ones are not listed */

struct arena;

struct reason {
	const char *code; /* "INVALID_TIMEOUT_CONFIG" */
	int status;       /* the HTTP status (RFC 9110, section 15) */
};

struct fault {
	const struct reason *reason;
	const char *field; /* "/time_out", or NULL when no field is at fault */
	const char *message;
};

struct faults {
	struct arena *arena;
	size_t count;
	struct fault list[FAULTS_MAX];
};

/* No faults yet; the texts of later ones will live in `arena`. */
void faults_init(struct faults *faults, struct arena *arena);

/* Adds one and returns INVALID, so that `return fault_add(...)` reads well.
 * `field` is copied. */
enum outcome fault_add(struct faults *faults, const struct reason *reason,
    const char *field, const char *format, ...) PRINTF(4, 5);

#endif
