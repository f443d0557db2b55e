/*
 * An answer on its way to the web server.
 */
#ifndef PARLEY_HTTP_RESPONSE_H
#define PARLEY_HTTP_RESPONSE_H

#include "base/base.h"

#define RESPONSE_HEADERS_MOST 8

struct arena;
struct fcgi;

struct response {
	int status;
	const char *type; /* NULL: application/json */
	const char *body;
	size_t count;
	struct {
		const char *name;
		const char *value;
	} headers[RESPONSE_HEADERS_MOST];
};

/* Adds a header; both texts are borrowed until it is written. */
void response_header(
    struct response *response, const char *name, const char *value);

/* Writes it. */
void response_write(
    const struct response *response, struct fcgi *fcgi, struct arena *arena);

/* The reason phrase of a status (RFC 9110, section 15): "Not Found". */
const char *response_title(int status);

#endif
