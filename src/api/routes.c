#include "base/base.h"

#include "api/routes.h"

#include <stddef.h>

static const struct route_table *const tables[] = {
	&routes_account,
	&routes_conversations,
	&routes_messaging,
	&routes_pathways,
	&routes_hooks,
};

const struct route *
route_next(const struct route *route)
{
	size_t i;

	if (route == NULL)
		return tables[0]->list;
	for (i = 0; i < COUNT(tables); i++)
		if (route >= tables[i]->list &&
		    route < tables[i]->list + tables[i]->count)
			break;
	assert(i < COUNT(tables));
	if (++route < tables[i]->list + tables[i]->count)
		return route;
	return i + 1 < COUNT(tables) ? tables[i + 1]->list : NULL;
}
