/*
 * The carrier that needs no provider: it keeps what it is given in our own
 * store, and that is delivered.  The same message is kept
 * once, however often it is given.
 */
#ifndef PARLEY_UPSTREAM_LOOPBACK_H
#define PARLEY_UPSTREAM_LOOPBACK_H

#include "base/base.h"

struct carrier_answer;
struct carrier_call;
struct carrier_found;
struct carrier_line;
struct carrier_message;

/* ACCEPTED, or UNKNOWN when the store has troubles. */
void loopback_send(const struct carrier_line *line,
    const struct carrier_message *message, struct carrier_answer *answer);

enum outcome loopback_look_up(const struct carrier_line *line,
    const struct carrier_message *message, struct carrier_found *found,
    const char **reason) MUSTCHECK;

/* A call is kept the same way, with the address that would be asked what to
 * say for its words; nothing rings, and nobody reports. */
void loopback_dial(const struct carrier_line *line,
    const struct carrier_call *call, struct carrier_answer *answer);

enum outcome loopback_find_call(const struct carrier_line *line,
    const struct carrier_call *call, struct carrier_found *found,
    const char **reason) MUSTCHECK;

#endif
