/*
 * What every file includes first: the integer types, the assertion, and
 * the three marks that functions carry.
 */
#ifndef PARLEY_BASE_BASE_H
#define PARLEY_BASE_BASE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/outcome.h"

/* The result says whether it worked; ignoring it is a mistake. */
#define MUSTCHECK __attribute__((warn_unused_result))

/* Argument `format` is a printf format, argument `first` its first value. */
#define PRINTF(format_at, first)                                               \
	__attribute__((format(printf, format_at, first)))

#define NORETURN __attribute__((noreturn))

/* The number of elements of an array (not of a pointer). */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
