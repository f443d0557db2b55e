/*
 * The one error document of the whole API.  Three kinds of clients read it:
 * some look at `errors`, some at `detail`, and those who know RFC 9457 at
 * `status`, `title` and `detail`.  In `errors`, those of /v2/tools look for
 * `code` where the others look for `error`: both are the same.
 */
#ifndef PARLEY_HTTP_PROBLEM_H
#define PARLEY_HTTP_PROBLEM_H

#include "base/base.h"

struct arena;
struct faults;
struct json_object;

/* The document's text, for at least one fault; `status` is the answer's. */
const char *problem_text(struct arena *arena, const struct faults *faults,
    int status, const char *request_id);

/* Faults as the array `[{ "error", "code", "message", "field" }]`; the tree is
 * the caller's. */
struct json_object *problem_list(const struct faults *faults);

#endif
