/*
 * The account's numbers as Bland's client has them: /v1/inbound.  What is
 * said of calls is not kept; the rest is the number's config for texts.
 */
#ifndef PARLEY_API_INBOUND_H
#define PARLEY_API_INBOUND_H

#include "base/base.h"

struct call;
struct schema;

extern const struct schema inbound_number_schema;
extern const struct schema inbound_numbers_schema;
extern const struct schema inbound_patch_schema;
extern const struct schema inbound_label_schema;

/* GET /v1/inbound, GET /v1/inbound/{phone_number} */
enum outcome inbound_list(struct call *call);
enum outcome inbound_show(struct call *call);

/* POST /v1/inbound/{phone_number} */
enum outcome inbound_update(struct call *call);

/* POST /inbound/update_label, where the number stands in the body. */
enum outcome inbound_label(struct call *call);

#endif
