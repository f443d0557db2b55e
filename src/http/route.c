#include "base/base.h"

#include "http/route.h"

#include "base/arena.h"

#include <string.h>

bool
route_match(struct arena *arena, const char *pattern, const char *path,
    const char *values[ROUTE_VALUES])
{
	size_t count = 0, length;

	while (*pattern != '\0') {
		if (*pattern != '{') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		length = strcspn(path, "/");
		if (length == 0)
			return false;
		assert(count < ROUTE_VALUES);
		values[count++] = arena_copy(arena, path, length);
		path += length;
		pattern = strchr(pattern, '}') + 1;
	}
	return *path == '\0';
}
