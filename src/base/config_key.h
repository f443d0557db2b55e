/*
 * The keys of the configuration: one table, for config.c alone.  To add a
 * key, add a row beside its section's and a member in config.h.
 */
#ifndef PARLEY_BASE_CONFIG_KEY_H
#define PARLEY_BASE_CONFIG_KEY_H

#include "base/config_kind.h"

struct config_key {
	const char *section, *name;
	size_t offset; /* of the member: an int64_t or a const char * */
	enum config_kind kind;
	const char *initial; /* the default; NULL: unset */
	int64_t least, most; /* of an INTEGER */
	const char *about;
};

#define CONFIG_KEYS_MOST 64

extern const struct config_key config_keys[];
extern const size_t config_keys_count;

#endif
