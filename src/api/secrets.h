/*
 * The account's secrets: given, listed by name, deleted, never shown.
 */
#ifndef PARLEY_API_SECRETS_H
#define PARLEY_API_SECRETS_H

#include "api/routes.h"

handler secrets_list, secrets_save, secrets_delete;

#endif
