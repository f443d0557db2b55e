/*
 * Twilio's REST API, version 2010-04-01, and what speaks the same.
 *
 * It has no key by which a repeated request would be known, so a request
 * whose answer was lost is looked up among the messages that it has.
 */
#ifndef PARLEY_UPSTREAM_TWILIO_H
#define PARLEY_UPSTREAM_TWILIO_H

#include "base/base.h"

struct buf;
struct carrier_answer;
struct carrier_call;
struct carrier_found;
struct carrier_line;
struct carrier_message;
struct fetch_answer;
struct arena;

/* POST Messages.json. */
void twilio_send(const struct carrier_line *line,
    const struct carrier_message *message, struct carrier_answer *answer);

/* GET Messages.json, the newest first, page by page. */
enum outcome twilio_look_up(const struct carrier_line *line,
    const struct carrier_message *message, struct carrier_found *found,
    const char **reason) MUSTCHECK;

/* POST Calls.json: Twilio asks `url` what is to be said once somebody has
 * answered, and reports each step to `status_callback`. */
void twilio_dial(const struct carrier_line *line,
    const struct carrier_call *call, struct carrier_answer *answer);

/* GET Calls.json, the same way. */
enum outcome twilio_find_call(const struct carrier_line *line,
    const struct carrier_call *call, struct carrier_found *found,
    const char **reason) MUSTCHECK;

/* Adds "&name=value" to a form or a query, encoded; without a value
 * nothing. */
void twilio_add(
    struct buf *buf, const char *name, const char *prefix, const char *value);

/* Posts a form to a resource of the account ("Messages.json"). */
void twilio_post(const struct carrier_line *line, const char *resource,
    const struct buf *form, struct carrier_answer *answer);

/* Looks through the pages of a resource for what is between these two, and,
 * unless it is NULL, of this text.  AGAIN. */
enum outcome twilio_search(const struct carrier_line *line,
    const char *resource, const struct carrier_message *message,
    struct carrier_found *found, const char **reason) MUSTCHECK;

/* What an HTTP answer to the POST means. */
void twilio_judge(struct arena *arena, const struct fetch_answer *fetched,
    struct carrier_answer *answer);

/* Adds what a page has of the message; where the next page is, or NULL:
 * there is none that matters.  INVALID: it is no page. */
enum outcome twilio_read_page(struct arena *arena,
    const struct fetch_answer *fetched, const struct carrier_message *message,
    struct carrier_found *found, const char **next) MUSTCHECK;

#endif
