/*
 * The account's email addresses, /v1/email-addresses, and whom it does not
 * write to, /v1/email-suppressions.
 */
#ifndef PARLEY_API_EMAIL_ADDRESSES_H
#define PARLEY_API_EMAIL_ADDRESSES_H

#include "model/field.h"

struct call;

extern const struct schema email_address_patch_schema;
extern const struct schema email_suppression_schema;

enum outcome email_addresses_list(struct call *call);
enum outcome email_addresses_create(struct call *call);
enum outcome email_addresses_show(struct call *call);
enum outcome email_addresses_update(struct call *call);
enum outcome email_addresses_delete(struct call *call);
enum outcome email_suppressions_list(struct call *call);
enum outcome email_suppressions_delete(struct call *call);

#endif
