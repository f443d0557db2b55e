/*
 * GET /v1/conversations/{conversation_id}/turns: why the agent said what it
 * said.
 */
#ifndef PARLEY_API_TURNS_H
#define PARLEY_API_TURNS_H

#include "api/routes.h"

extern const struct schema turns_query_schema;

handler turns_show;

#endif
