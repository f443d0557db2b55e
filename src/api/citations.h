/*
 * /v1/citation_schemas: what is extracted from conversations.
 */
#ifndef PARLEY_API_CITATIONS_H
#define PARLEY_API_CITATIONS_H

#include "api/routes.h"

extern const struct schema citation_query_schema;

handler citations_list, citations_create, citations_show, citations_update,
    citations_delete;

#endif
