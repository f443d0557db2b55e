/*
 * GET /v1/conversations and GET /v1/conversations/{conversation_id}.
 */
#ifndef PARLEY_API_CONVERSATIONS_READ_H
#define PARLEY_API_CONVERSATIONS_READ_H

#include "base/base.h"

struct call;
struct schema;

extern const struct schema conversations_search_schema;

enum outcome conversations_list(struct call *call);
enum outcome conversations_show(struct call *call);

#endif
