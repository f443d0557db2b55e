/*
 * Is the server alive, and can it do its work?
 */
#ifndef PARLEY_API_HEALTH_H
#define PARLEY_API_HEALTH_H

#include "api/routes.h"

extern const struct schema health_schema, ready_schema;

handler health_show; /* alive: touches nothing */
handler ready_show;  /* the store is there and migrated; else 503 */

#endif
