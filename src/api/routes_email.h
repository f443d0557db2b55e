/*
 * The rows of email in the table of routes.c, whose words they use.
 */
#ifndef PARLEY_API_ROUTES_EMAIL_H
#define PARLEY_API_ROUTES_EMAIL_H

#include "api/answer.h"
#include "api/email_addresses.h"
#include "model/email_address.h"

/* clang-format off */
#define ROUTES_EMAIL \
	{ "GET", "/v1/email-addresses", 0, NUMBERS_READ, \
	    NULL, NULL, &email_address_schema, LIST, 200, \
	    email_addresses_list, "The account's email addresses." }, \
	{ "POST", "/v1/email-addresses", KEYED, NUMBERS_MANAGE, \
	    NULL, &email_address_schema, &email_address_schema, DATA, 201, \
	    email_addresses_create, \
	    "Add an address, by whose carrier its mail leaves." }, \
	{ "GET", "/v1/email-addresses/{address}", 0, NUMBERS_READ, \
	    NULL, NULL, &email_address_schema, DATA, 200, \
	    email_addresses_show, "One address." }, \
	{ "PATCH", "/v1/email-addresses/{address}", WRITES, NUMBERS_MANAGE, \
	    NULL, &email_address_patch_schema, &email_address_schema, DATA, \
	    200, email_addresses_update, "Change an address." }, \
	{ "DELETE", "/v1/email-addresses/{address}", WRITES, NUMBERS_MANAGE, \
	    NULL, NULL, &answer_message_schema, DATA, 200, \
	    email_addresses_delete, "Delete an address." }, \
	{ "GET", "/v1/email-suppressions", 0, NUMBERS_READ, \
	    NULL, NULL, &email_suppression_schema, LIST, 200, \
	    email_suppressions_list, \
	    "Whom the account does not write to, the newest first." }, \
	{ "DELETE", "/v1/email-suppressions/{address}", WRITES, \
	    NUMBERS_MANAGE, \
	    NULL, NULL, &answer_message_schema, DATA, 200, \
	    email_suppressions_delete, "Write to an address again." },
/* clang-format on */

#endif
