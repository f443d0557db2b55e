/*
 * A request as the web server passed it on, checked as far as HTTP goes:
 * its path is decoded text, its body is bytes within the limit.
 */
#ifndef PARLEY_HTTP_REQUEST_H
#define PARLEY_HTTP_REQUEST_H

#include "base/base.h"

#define REQUEST_BODY_MOST (1 << 20)  /* bytes */
#define REQUEST_MAIL_MOST (40 << 20) /* of a route that takes a mail */
#define REQUEST_ID_MOST 64

struct arena;
struct fcgi;

struct request {
	int64_t received_at;
	const char *id;     /* X-Request-Id: the web server's, or our own */
	const char *method; /* "GET"; HEAD reads as GET */
	const char *path;   /* decoded, without the query */
	const char *query;  /* as it was sent; "" when there is none */
	const char *authorization;    /* NULL: not sent */
	const char *content_type;     /* NULL: not sent */
	const char *idempotency_key;  /* NULL: not sent */
	const char *twilio_signature; /* NULL: not sent */
	const char *mail_signature;   /* of SendGrid; NULL: not sent */
	const char *mail_timestamp;
	const char *body;
	size_t body_length;
};

/* Reads it whole.  `request` is filled as far as it goes in any case.
 * LIMITED: the body is too large.  INVALID: the path or the length cannot
 * be understood, or the body stopped early. */
enum outcome request_read(
    struct fcgi *fcgi, struct arena *arena, struct request *request) MUSTCHECK;

/* The same in two: all but the body, then the body, of at most `most`
 * bytes. */
enum outcome request_read_head(
    struct fcgi *fcgi, struct arena *arena, struct request *request) MUSTCHECK;
enum outcome request_read_body(struct fcgi *fcgi, struct arena *arena,
    size_t most, struct request *request) MUSTCHECK;

/* The query's names and values in turn, decoded (a "+" is a space), ended
 * by NULL.  INVALID: bad escapes, or not text. */
enum outcome request_query(struct arena *arena, const char *query,
    const char *const **pairs) MUSTCHECK;

/* The names and values of a form in the body, in the same way.  INVALID,
 * also when there are more than any provider sends. */
enum outcome request_form(struct arena *arena, const struct request *request,
    const char *const **pairs) MUSTCHECK;

/* Is the content type JSON's, or that of a webhook as LiveKit sends it, or
 * missing? */
bool request_is_json(const struct request *request);

/* Is it that of a form: application/x-www-form-urlencoded? */
bool request_is_form(const struct request *request);

/* Is the value of a header such as Content-Type, without its parameters, this
 * word? */
bool request_value_is(const char *value, const char *word);

/* Undoes percent-encoding (RFC 3986, section 2.1).  INVALID, also when the
 * result is not text. */
enum outcome request_decode(struct arena *arena, const char *encoded,
    size_t length, bool plus_is_space, const char **decoded) MUSTCHECK;

/* The same where the result may be any bytes: *size of them, and a NUL that
 * is not counted. */
enum outcome request_decode_bytes(struct arena *arena, const char *encoded,
    size_t length, bool plus_is_space, const char **decoded,
    size_t *size) MUSTCHECK;

#endif
