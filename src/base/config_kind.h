/*
 * The kinds of values that a configuration has.  For config.c alone: it is
 * apart so that what a value may be can be read by itself.  To add a kind,
 * add a name here and a row to the table in config_kind.c.
 */
#ifndef PARLEY_BASE_CONFIG_KIND_H
#define PARLEY_BASE_CONFIG_KIND_H

#include "base/base.h"

struct arena;

enum config_kind {
	TEXT,
	SECRET, /* a text that is never shown */
	PATH,
	INTEGER,
	MODE,
	URL,
	NETWORKS,
	CONFIG_KIND_N
};

/* May a key of this kind have this value?  `least` and `most` are the
 * limits of an INTEGER. */
bool config_kind_fits(
    enum config_kind kind, int64_t least, int64_t most, const char *value);

/* What would be right, to follow "must be".  May live in the arena. */
const char *config_kind_right(
    struct arena *arena, enum config_kind kind, int64_t least, int64_t most);

#endif
