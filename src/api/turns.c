#include "base/base.h"

#include "api/turns.h"

#include "api/call.h"
#include "base/id.h"
#include "model/conversation.h"
#include "model/field.h"
#include "model/page.h"
#include "store/conversation.h"
#include "store/turns.h"

struct turns_query {
	int64_t page, size;
};

#define AT(member) FIELD_AT(struct turns_query, member)

/* clang-format off */
static const struct field query_fields[] = {
	{ "page", FIELD_INTEGER, 0, AT(page), 1, PAGE_MOST,
	    .about = "Counted from 1." },
	{ "pageSize", FIELD_INTEGER, 0, AT(size), 1, PAGE_SIZE_MOST,
	    .about = "25 if not given." },
};
/* clang-format on */

const struct schema turns_query_schema =
    SCHEMA("TurnsQuery", query_fields, struct turns_query);

static const char thing[] = "conversation";

enum outcome
turns_show(struct call *call)
{
	const struct turns_query *query = call->query;
	const struct id *account = &call->key.account_id;
	struct conversation ignored;
	struct id id;
	enum outcome rc =
	    call_path_id(call, 0, CONVERSATION_NOT_FOUND, thing, &id);

	if (rc == OK)
		rc = conversation_find(
		    call->db, call->arena, account, &id, &ignored);
	if (rc != OK)
		return call_missing(
		    call, rc, CONVERSATION_NOT_FOUND, NULL, thing);
	return turns_list(call->db, call->arena, account, &id,
	    query->page > 0 ? query->page : 1,
	    query->size > 0 ? query->size : PAGE_SIZE, call->answer);
}
