/*
 * A request as bytes, to be kept in a file that a person can read: what is
 * known of it in lines, each "name: value", then an empty line and the body.
 */
#ifndef PARLEY_HTTP_REQUEST_LINES_H
#define PARLEY_HTTP_REQUEST_LINES_H

#include "http/request.h"

struct buf;

/* Adds the lines and the empty one.  INVALID: a value is no line, or they
 * are too long. */
enum outcome request_write_lines(
    struct buf *head, const struct request *request) MUSTCHECK;

/* Reads them, and the body behind them; the request lies in `bytes`, which
 * must have a NUL behind their end.  An Idempotency-Key is not among them.
 * INVALID: they are no request. */
enum outcome request_read_lines(
    char *bytes, size_t length, struct request *request) MUSTCHECK;

#endif
