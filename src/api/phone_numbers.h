/*
 * The account's phone numbers: which carrier each belongs to and on which
 * channels it is.
 */
#ifndef PARLEY_API_PHONE_NUMBERS_H
#define PARLEY_API_PHONE_NUMBERS_H

#include "api/routes.h"

extern const struct schema phone_number_request_schema;
extern const struct schema phone_number_patch_schema;

handler phone_numbers_list, phone_numbers_create, phone_numbers_show;
handler phone_numbers_update, phone_numbers_delete;

#endif
