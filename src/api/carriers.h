/*
 * The account's carriers.  Credentials go in and never come out.
 */
#ifndef PARLEY_API_CARRIERS_H
#define PARLEY_API_CARRIERS_H

#include "api/routes.h"

handler carriers_list, carriers_create, carriers_show, carriers_delete;

#endif
