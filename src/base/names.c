/*
 * Enums and their words.  A list may have holes: a value without a word is
 * never found and never listed.
 */
#include "base/base.h"

#include "base/names.h"

#include "base/buf.h"

#include <string.h>

#define LIST_MAX ((size_t)64 * 1024)

const char *
names_text(const struct names *names, int value)
{
	assert(value >= 0 && (size_t)value < names->count);
	assert(names->list[value] != NULL);
	return names->list[value];
}

enum outcome
names_find(const struct names *names, const char *word, int *value)
{
	size_t i;

	for (i = 0; i < names->count; i++) {
		if (names->list[i] == NULL || strcmp(names->list[i], word) != 0)
			continue;
		*value = (int)i;
		return OK;
	}
	return NOT_FOUND;
}

const char *
names_list(struct arena *arena, const struct names *names)
{
	const char *held = NULL;
	struct buf list;
	size_t i;

	/* Each word waits for the next one, which tells whether it is the
	 * last and so what stands before it. */
	buf_init(&list, arena, LIST_MAX);
	for (i = 0; i < names->count; i++) {
		if (names->list[i] == NULL)
			continue;
		if (held != NULL) {
			if (list.length > 0)
				buf_add_text(&list, ", ");
			buf_add_text(&list, held);
		}
		held = names->list[i];
	}
	if (held != NULL) {
		if (list.length > 0)
			buf_add_text(&list, " or ");
		buf_add_text(&list, held);
	}
	assert(buf_ok(&list));
	return buf_text(&list);
}
