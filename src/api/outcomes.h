/*
 * /v1/outcomes: what is judged of conversations, in versions.
 */
#ifndef PARLEY_API_OUTCOMES_H
#define PARLEY_API_OUTCOMES_H

#include "api/routes.h"

handler outcomes_list, outcomes_create, outcomes_show, outcomes_update,
    outcomes_delete, outcomes_versions;

#endif
