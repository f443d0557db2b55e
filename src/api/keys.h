/*
 * The account's API keys.  A key can give no scope that it lacks.
 */
#ifndef PARLEY_API_KEYS_H
#define PARLEY_API_KEYS_H

#include "api/routes.h"

extern const struct schema key_request_schema;

handler keys_list, keys_create, keys_revoke;

#endif
