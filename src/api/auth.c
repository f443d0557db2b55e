#include "base/base.h"

#include "api/auth.h"

#include "api/call.h"
#include "api/routes.h"
#include "base/text.h"
#include "base/when.h"
#include "store/key.h"

#include <string.h>
#include <strings.h>

static const char *
credential(const struct call *call)
{
	const char *text = call->request.authorization;
	static const char scheme[] = "Bearer ";

	if (text == NULL)
		return "";
	if (strncasecmp(text, scheme, strlen(scheme)) == 0)
		text += strlen(scheme);
	return text_trim(call->arena, text);
}

/* A key that cannot be read is looked up and compared like any other, so
 * that time tells nothing of why it was refused. */
enum outcome
auth_check(struct call *call)
{
	unsigned char digest[SECRET_DIGEST] = { 0 };
	struct id id = { 0 };
	struct key *key = &call->key;
	const char *unknown;
	bool good;
	int64_t now = when_now();
	enum outcome rc;

	if ((call->route->flags & ROUTE_OPEN) != 0)
		return OK;
	good = key_parse(credential(call), &id, digest) == OK;
	rc = key_find(call->db, call->arena, &id, key);
	if (rc != OK && rc != NOT_FOUND)
		return rc;
	good = secret_equal(digest, key->digest, sizeof(digest)) && good;
	if (rc == OK && good && key->revoked_at == 0 &&
	    (key->expires_at == 0 || key->expires_at > now))
		return key_scopes(
		    call->arena, key->scopes, &call->scopes, &unknown);
	return call_refuse(call, AUTH_FAILURE, NULL, "Unauthorized");
}

enum outcome
auth_allow(struct call *call)
{
	unsigned wants = call->route->scopes;

	if ((call->route->flags & ROUTE_OPEN) != 0 ||
	    key_allows(call->scopes, wants))
		return OK;
	return call_refuse(call, FORBIDDEN, NULL, "this key lacks the scope %s",
	    key_scopes_text(call->arena, wants));
}
