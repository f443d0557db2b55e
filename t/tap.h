/*
 * Unit tests, in the Test Anything Protocol that prove(1) reads.
 *
 *   int main(void) {
 *           ok(1 + 1 == 2, "one and one are two");
 *           is_text(id_text(a, &id), "0193...", "an id is lower case");
 *           return done();
 *   }
 *
 * A test's name is a sentence that says what holds.  There is no plan
 * before the tests: done() prints it, so a test that dies early fails.
 */
#ifndef PARLEY_TAP_H
#define PARLEY_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

__attribute__((format(printf, 4, 0))) static inline bool
tap_result(bool passed, const char *file, int line, const char *format,
    va_list values)
{
	printf("%sok %d - ", passed ? "" : "not ", ++tap_count);
	vprintf(format, values);
	printf("\n");
	if (!passed) {
		tap_failed++;
		printf("# failed at %s:%d\n", file, line);
	}
	fflush(stdout);
	return passed;
}

__attribute__((format(printf, 4, 5))) static inline bool
tap_ok(bool passed, const char *file, int line, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	(void)tap_result(passed, file, line, format, values);
	va_end(values);
	return passed;
}

__attribute__((format(printf, 5, 6))) static inline bool
tap_text(const char *got, const char *wanted, const char *file, int line,
    const char *format, ...)
{
	va_list values;
	bool same = got != NULL && wanted != NULL ? strcmp(got, wanted) == 0
	                                          : got == wanted;

	va_start(values, format);
	if (!tap_result(same, file, line, format, values)) {
		printf("#      got: %s\n", got != NULL ? got : "(null)");
		printf("#   wanted: %s\n", wanted != NULL ? wanted : "(null)");
	}
	va_end(values);
	return same;
}

__attribute__((format(printf, 5, 6))) static inline bool
tap_int(int64_t got, int64_t wanted, const char *file, int line,
    const char *format, ...)
{
	va_list values;

	va_start(values, format);
	if (!tap_result(got == wanted, file, line, format, values)) {
		printf("#      got: %lld\n", (long long)got);
		printf("#   wanted: %lld\n", (long long)wanted);
	}
	va_end(values);
	return got == wanted;
}

#define ok(condition, ...) tap_ok((condition), __FILE__, __LINE__, __VA_ARGS__)
#define is_text(got, wanted, ...)                                              \
	tap_text((got), (wanted), __FILE__, __LINE__, __VA_ARGS__)
#define is_int(got, wanted, ...)                                               \
	tap_int((got), (wanted), __FILE__, __LINE__, __VA_ARGS__)

static inline int
done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed != 0;
}

#endif
