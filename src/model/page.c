#include "base/base.h"

#include "model/page.h"

/* clang-format off */
static const struct field fields[] = {
	{ "totalItems", FIELD_INTEGER, 0, FIELD_AT(struct pagination, items) },
	{ "totalPages", FIELD_INTEGER, 0, FIELD_AT(struct pagination, pages) },
	{ "currentPage", FIELD_INTEGER, 0, FIELD_AT(struct pagination, page) },
	{ "pageSize", FIELD_INTEGER, 0, FIELD_AT(struct pagination, size) },
};
/* clang-format on */

const struct schema pagination_schema =
    SCHEMA("Pagination", fields, struct pagination);
