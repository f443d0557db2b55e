/*
 * The tokens of JSON (RFC 8259, sections 5 to 7), for json_check alone.
 *
 * A reader stands at `at` and steps over what it read; when that is wrong
 * it stays there and says where and how in `bad` and `what`.
 */
#ifndef PARLEY_BASE_JSON_SCAN_H
#define PARLEY_BASE_JSON_SCAN_H

#include "base/base.h"

struct arena;

struct json_scan {
	const char *at, *end;
	struct arena *arena; /* for what lives as long as the scan */
	char *copy; /* where the content of strings goes, which has room for
	             * `end - at` bytes; or NULL.  It moves along. */
	const char *bad;  /* the byte that is wrong */
	const char *what; /* constant text */
};

/* The next byte, or -1 at the end. */
int json_scan_peek(const struct json_scan *scan);

void json_scan_space(struct json_scan *scan);

/* true, false or null.  INVALID. */
enum outcome json_scan_word(struct json_scan *scan) MUSTCHECK;

/* From its first digit or minus sign; stops at what cannot belong to it.
 * INVALID, also when it fits neither 64 bits nor a double. */
enum outcome json_scan_number(struct json_scan *scan) MUSTCHECK;

/* From quote to quote, unescaped into `copy` if that is not NULL; then
 * U+0000 is INVALID too. */
enum outcome json_scan_string(struct json_scan *scan) MUSTCHECK;

/* INVALID, at `bad`: because of `what`, or because the text ends there. */
enum outcome json_scan_refuse(
    struct json_scan *scan, const char *bad, const char *what) MUSTCHECK;

/* INVALID, here: `what`, unless this begins something that is known from
 * elsewhere, as a comment does. */
enum outcome json_scan_refuse_here(
    struct json_scan *scan, const char *what) MUSTCHECK;

#endif
