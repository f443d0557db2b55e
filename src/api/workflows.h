/*
 * The work behind a workflow_id.
 */
#ifndef PARLEY_API_WORKFLOWS_H
#define PARLEY_API_WORKFLOWS_H

#include "api/routes.h"

handler workflows_show;
handler workflows_retry; /* of one that is dead */

#endif
