/*
 * What a request gives a conversation of its own, over what its number says:
 * shared by the routes that open conversations.  It stays until another
 * request gives something else; null takes an override away.
 */
#ifndef PARLEY_API_SMS_OVERRIDES_H
#define PARLEY_API_SMS_OVERRIDES_H

#include "base/base.h"

struct call;
struct conversation;
struct position;
struct position_fields;
struct schema;
struct silence;

#define DATA_MOST 65536 /* bytes of JSON of variables, or of metadata */

/* The fields of a struct conversation that a request may give. */
extern const struct schema overrides_schema;

/* Are the outcomes and citation schemas there that `given` names?
 * INVALID. */
enum outcome overrides_check(
    struct call *call, const struct conversation *given) MUSTCHECK;

/* Must be called once the conversation has its silence: does it hold over
 * the number's?  Looks only where the request, which `asked`, changes it.
 * INVALID. */
enum outcome overrides_check_silence(struct call *call,
    const struct conversation *conversation, const struct silence *asked,
    const struct silence *number) MUSTCHECK;

/* Lays `request_data` (a JSON object, or NULL) over the variables.
 * INVALID: they became too many. */
enum outcome overrides_variables(struct call *call,
    struct conversation *conversation, const char *request_data) MUSTCHECK;

/* Moves the conversation to where the request says.  A pathway in which it
 * is not takes the old node away; in the one that it is in, only what is
 * given changes.  INVALID: there is no such place. */
enum outcome overrides_position(struct call *call,
    struct conversation *conversation, const struct position *given,
    const struct position_fields *fields) MUSTCHECK;

#endif
