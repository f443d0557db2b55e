/*
 * POST /v1/conversations: one way to begin on every channel.
 *
 * The client may bring the id along.  One that is there already is shown as
 * it is, whatever else the request says, so a request can be repeated.
 */
#ifndef PARLEY_API_CONVERSATIONS_CREATE_H
#define PARLEY_API_CONVERSATIONS_CREATE_H

#include "model/field.h"

struct call;

extern const struct schema conversation_create_schema;
extern const struct schema conversation_opened_schema;

enum outcome conversations_create(struct call *call);

#endif
