/*
 * The API's description, as OpenAPI 3.1, printed from the routes and the
 * schemas that serve them.
 */
#ifndef PARLEY_API_DESCRIPTION_H
#define PARLEY_API_DESCRIPTION_H

#include "api/routes.h"

/* Its own answer is any object: OpenAPI describes itself elsewhere. */
extern const struct schema description_schema;

handler description_show;

#endif
