/*
 * Who is asking: the account and the key's scopes, in the shape that
 * clients check their credential by.
 */
#ifndef PARLEY_API_ME_H
#define PARLEY_API_ME_H

#include "api/routes.h"

extern const struct schema me_schema;

handler me_show;

#endif
