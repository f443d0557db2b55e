/*
 * Text: NUL-terminated, valid UTF-8 (RFC 3629), and of the control
 * characters only tab, line feed and carriage return.  It is checked once,
 * at the border, and believed from then on.
 *
 * The parsers take the whole text or fail; they never stop half-way.
 */
#ifndef PARLEY_BASE_TEXT_H
#define PARLEY_BASE_TEXT_H

#include "base/base.h"

struct arena;

/* Are these bytes valid UTF-8: no overlong forms, no surrogates, nothing
 * past U+10FFFF?  NUL and control characters are not looked at. */
bool text_is_utf8(const void *bytes, size_t length);

/* Are these bytes text in the sense above? */
bool text_is_clean(const void *bytes, size_t length);

/* Characters (code points), not bytes. */
size_t text_length(const char *text);

/* Empty, or nothing but white space (Unicode's White_Space and U+200B)? */
bool text_is_blank(const char *text);

bool text_equal(const char *a, const char *b);

/* Equal when A-Z are taken for a-z? */
bool text_equal_nocase(const char *a, const char *b);

bool text_starts(const char *text, const char *prefix);
bool text_starts_nocase(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);

/* A decimal integer: an optional minus sign, digits, nothing else.
 * INVALID, also when it does not fit. */
enum outcome text_to_integer(const char *text, int64_t *value) MUSTCHECK;

/* A finite decimal number as JSON writes it.  INVALID. */
enum outcome text_to_number(const char *text, double *value) MUSTCHECK;

/* "true" or "false".  INVALID. */
enum outcome text_to_boolean(const char *text, bool *value) MUSTCHECK;

/* The shortest decimal that reads back as the same number, as
 * ECMAScript's Number::toString writes it: 900, 0.7, 1e+21.
 * `number` must be finite. */
const char *text_from_number(struct arena *arena, double number);

/* The text without white space at either end. */
const char *text_trim(struct arena *arena, const char *text);

/* The parts of a text between separators, trimmed, empty ones left out; an
 * array that ends with NULL. */
const char **text_split(struct arena *arena, const char *text, char separator);

/* The word of `words` (ended by NULL) that is nearest to `word` by edits,
 * or NULL when none is near enough to be what was meant: at most a third
 * of its letters differ. */
const char *text_nearest(const char *word, const char *const *words);

#endif
