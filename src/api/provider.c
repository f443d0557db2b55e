#include "base/base.h"

#include "api/provider.h"

#include "api/call.h"
#include "base/secret.h"
#include "store/carrier.h"

const char *
provider_secret(struct call *call, const struct carrier *carrier)
{
	const unsigned char *key = call->server->secret_key;
	const char *secret;

	if (key == NULL || carrier->sealed == NULL ||
	    secret_open(call->arena, key, id_text(call->arena, &carrier->id),
		carrier->sealed, &secret) != OK)
		return "";
	return secret;
}

enum outcome
provider_find(struct call *call, enum carrier_kind kind,
    const char *account_sid, struct id *account, const char **secret)
{
	struct carrier carrier;
	enum outcome rc =
	    carrier_find_provider(call->db, call->arena, (int)kind,
		account_sid != NULL ? account_sid : "", account, &carrier);

	if (rc == OK)
		*secret = provider_secret(call, &carrier);
	else if (rc == NOT_FOUND) {
		*account = (struct id){ 0 };
		*secret = "";
		rc = OK;
	}
	return rc;
}
