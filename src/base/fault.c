/*
 * Collecting what is wrong with an input.
 */
#include "base/base.h"

#include "base/fault.h"

#include "base/arena.h"

#include <stdarg.h>

void
faults_init(struct faults *faults, struct arena *arena)
{
	faults->arena = arena;
	faults->count = 0;
}

enum outcome
fault_add(struct faults *faults, const struct reason *reason, const char *field,
    const char *format, ...)
{
	struct fault *fault;
	va_list values;

	/* The fifty-first would only make the answer longer. */
	if (faults->count == FAULTS_MAX)
		return INVALID;
	fault = &faults->list[faults->count++];
	fault->reason = reason;
	fault->field = arena_text(faults->arena, field);
	va_start(values, format);
	fault->message = arena_format_values(faults->arena, format, values);
	va_end(values);
	return INVALID;
}
