/*
 * The account: keys, carriers, numbers, its model, its webhooks.
 *
 * method, path, flags, scopes,
 *     query, body, answer, envelope, status, handler,
 *     about
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/carriers.h"
#include "api/description.h"
#include "api/email_addresses.h"
#include "api/health.h"
#include "api/keys.h"
#include "api/me.h"
#include "api/model_settings.h"
#include "api/phone_numbers.h"
#include "api/route_words.h"
#include "api/sms_create.h"
#include "api/webhooks.h"
#include "api/workflows.h"
#include "model/carrier.h"
#include "model/email_address.h"
#include "model/model_setting.h"
#include "model/number.h"
#include "model/webhook.h"
#include "model/work.h"

/* clang-format off */
static const struct route list[] = {
	{ "GET", "/v1/health", OPEN, 0,
	    NULL, NULL, &health_schema, BARE, 200, health_show,
	    "Alive." },
	{ "GET", "/v1/ready", OPEN, 0,
	    NULL, NULL, &ready_schema, BARE, 200, ready_show,
	    "The store can be reached and has the schema that is needed." },
	{ "GET", "/v1/openapi.json", OPEN, 0,
	    NULL, NULL, &description_schema, BARE, 200, description_show,
	    "This description." },
	{ "GET", "/v1/me", 0, 0,
	    NULL, NULL, &me_schema, BARE, 200, me_show,
	    "The account and the key that ask." },
	{ "GET", "/v1/keys", 0, KEYS,
	    NULL, NULL, &key_schema, LIST, 200, keys_list,
	    "The account's keys, without their secrets." },
	{ "POST", "/v1/keys", KEYED | ROUTE_SECRET, KEYS,
	    NULL, &key_request_schema, &key_created_schema, DATA, 201,
	    keys_create, "Make a key. It is shown this once." },
	{ "DELETE", "/v1/keys/{key_id}", WRITES, KEYS,
	    NULL, NULL, &answer_message_schema, DATA, 200, keys_revoke,
	    "Revoke a key." },
	{ "GET", "/v1/carriers", 0, CARRIERS_READ,
	    NULL, NULL, &carrier_schema, LIST, 200, carriers_list,
	    "The account's carriers, without their credentials." },
	{ "POST", "/v1/carriers", KEYED, CARRIERS_MANAGE,
	    NULL, &carrier_schema, &carrier_schema, DATA, 201,
	    carriers_create, "Add a carrier." },
	{ "GET", "/v1/carriers/{carrier_id}", 0, CARRIERS_READ,
	    NULL, NULL, &carrier_schema, DATA, 200, carriers_show,
	    "One carrier." },
	{ "DELETE", "/v1/carriers/{carrier_id}", WRITES, CARRIERS_MANAGE,
	    NULL, NULL, &answer_message_schema, DATA, 200, carriers_delete,
	    "Delete a carrier that no number uses." },
	{ "GET", "/v1/phone-numbers", 0, NUMBERS_READ,
	    NULL, NULL, &phone_number_schema, LIST, 200, phone_numbers_list,
	    "The account's numbers." },
	{ "POST", "/v1/phone-numbers", KEYED, NUMBERS_MANAGE,
	    NULL, &phone_number_request_schema, &phone_number_schema, DATA,
	    201, phone_numbers_create, "Add a number of a carrier." },
	{ "GET", "/v1/phone-numbers/{phone_number}", 0, NUMBERS_READ,
	    NULL, NULL, &phone_number_schema, DATA, 200, phone_numbers_show,
	    "One number." },
	{ "PATCH", "/v1/phone-numbers/{phone_number}", WRITES, NUMBERS_MANAGE,
	    NULL, &phone_number_patch_schema, &phone_number_schema, DATA,
	    200, phone_numbers_update, "Change a number." },
	{ "DELETE", "/v1/phone-numbers/{phone_number}", WRITES,
	    NUMBERS_MANAGE,
	    NULL, NULL, &answer_message_schema, DATA, 200,
	    phone_numbers_delete, "Delete a number." },
	{ "GET", "/v1/email-addresses", 0, NUMBERS_READ,
	    NULL, NULL, &email_address_schema, LIST, 200,
	    email_addresses_list, "The account's email addresses." },
	{ "POST", "/v1/email-addresses", KEYED, NUMBERS_MANAGE,
	    NULL, &email_address_schema, &email_address_schema, DATA, 201,
	    email_addresses_create,
	    "Add an address, by whose carrier its mail leaves." },
	{ "GET", "/v1/email-addresses/{address}", 0, NUMBERS_READ,
	    NULL, NULL, &email_address_schema, DATA, 200,
	    email_addresses_show, "One address." },
	{ "PATCH", "/v1/email-addresses/{address}", WRITES, NUMBERS_MANAGE,
	    NULL, &email_address_patch_schema, &email_address_schema, DATA,
	    200, email_addresses_update, "Change an address." },
	{ "DELETE", "/v1/email-addresses/{address}", WRITES, NUMBERS_MANAGE,
	    NULL, NULL, &answer_message_schema, DATA, 200,
	    email_addresses_delete, "Delete an address." },
	{ "GET", "/v1/email-suppressions", 0, NUMBERS_READ,
	    NULL, NULL, &email_suppression_schema, LIST, 200,
	    email_suppressions_list,
	    "Whom the account does not write to, the newest first." },
	{ "DELETE", "/v1/email-suppressions/{address}", WRITES,
	    NUMBERS_MANAGE,
	    NULL, NULL, &answer_message_schema, DATA, 200,
	    email_suppressions_delete, "Write to an address again." },
	{ "GET", "/v1/model", 0, AGENTS_READ,
	    NULL, NULL, &model_setting_schema, DATA, 200, model_setting_show,
	    "The language model that answers." },
	{ "PUT", "/v1/model", WRITES, AGENTS_MANAGE,
	    NULL, &model_setting_request_schema, &model_setting_schema, DATA,
	    200, model_setting_replace,
	    "Choose the language model that answers for the account." },
	{ "DELETE", "/v1/model", WRITES, AGENTS_MANAGE,
	    NULL, NULL, &answer_message_schema, DATA, 200,
	    model_setting_forget, "Leave the choice to the deployment." },
	{ "GET", "/v1/workflows/{workflow_id}", 0, TALK_READ,
	    NULL, NULL, &workflow_schema, DATA, 200, workflows_show,
	    "The work behind a workflow_id." },
	{ "POST", "/v1/workflows/{workflow_id}/retry", KEYED, TALK_MANAGE,
	    NULL, NULL, &workflow_schema, DATA, 200, workflows_retry,
	    "Let work that was given up be tried again." },
	{ "GET", "/v1/webhooks/deliveries", 0, WEBHOOKS_READ,
	    &deliveries_query_schema, NULL, &delivery_schema, PAGE, 200,
	    webhook_deliveries_list,
	    "Webhooks with every attempt, newest first, in pages." },
	{ "POST", "/v1/webhooks/deliveries/{delivery_id}/resend", KEYED,
	    WEBHOOKS_MANAGE,
	    NULL, NULL, &delivery_resent_schema, DATA, 200,
	    webhook_delivery_resend, "Send a webhook again." },
	{ "GET", "/v1/webhooks/secret", 0, WEBHOOKS_READ,
	    NULL, NULL, &webhook_secret_schema, LIST, 200,
	    webhook_secrets_list,
	    "The secrets that sign webhooks, without their words." },
	{ "POST", "/v1/webhooks/secret", KEYED | ROUTE_SECRET,
	    WEBHOOKS_MANAGE,
	    NULL, &webhook_secret_request_schema,
	    &webhook_secret_created_schema, DATA, 201,
	    webhook_secret_create, "Make a secret. It is shown this once;"
	    " the one before it stays valid for a while." },
	{ "DELETE", "/v1/webhooks/secret/{secret_id}", WRITES,
	    WEBHOOKS_MANAGE,
	    NULL, NULL, &answer_message_schema, DATA, 200,
	    webhook_secret_revoke, "Delete a secret at once." },
};
/* clang-format on */

const struct route_table routes_account = { list, COUNT(list) };
