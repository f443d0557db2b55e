/*
 * GET /v1/conversations/{conversation_id}/turns: why the agent said what it
 * said.  GET /v1/pathway_calls/{conversation_id}: the same as a log of
 * events.
 */
#ifndef PARLEY_API_TURNS_H
#define PARLEY_API_TURNS_H

#include "api/routes.h"

extern const struct schema turns_query_schema;

extern const struct schema events_query_schema;

handler turns_show;
handler events_show;

#endif
