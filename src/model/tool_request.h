/*
 * The request that a tool makes of an input.
 *
 * Every text of the definition is a template.  What is filled in is encoded
 * for where it stands, so that no value can be more than a value: in the URL
 * and the query percent-encoded, in a body of JSON as JSON, in a header
 * without ends of lines.  An input that was not given is nothing: a member
 * or a parameter that would hold it is left out.  A secret that there is
 * none of, and a part of the path without a value, is refused.
 */
#ifndef PARLEY_MODEL_TOOL_REQUEST_H
#define PARLEY_MODEL_TOOL_REQUEST_H

#include "base/base.h"

#define TOOL_REQUEST_URL_MOST 8192 /* bytes */
#define TOOL_REQUEST_BODY_MOST 131072

struct arena;
struct json_object;
struct tool;

struct tool_request {
	const char *method;
	const char *url;
	const char *const *headers; /* "Name: value", NULL-ended */
	const char *body;           /* NULL: none */
	const char *credential;     /* which of the headers is one, or NULL */
	const char *user;           /* HTTP Basic; NULL: none */
	const char *password;
};

/* Makes it.  `input` is what the model filled in, {{input}}; with NULL for
 * `secrets` their places stay as they are written.  INVALID: it cannot be
 * made of these values, and `fault` says to the model why. */
enum outcome tool_request_make(struct arena *arena, const struct tool *tool,
    struct json_object *input, struct json_object *variables,
    struct json_object *secrets, struct tool_request *request,
    const char **fault) MUSTCHECK;

/* One that was made without secrets, as JSON for people to look at.  What
 * says who asks and is no place of a secret is hidden. */
const char *tool_request_text(
    struct arena *arena, const struct tool_request *request);

#endif
