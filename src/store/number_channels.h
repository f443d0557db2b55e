/*
 * On which channels a number is: it is on one when it has a config for it.
 */
#ifndef PARLEY_STORE_NUMBER_CHANNELS_H
#define PARLEY_STORE_NUMBER_CHANNELS_H

#include "base/base.h"

struct arena;
struct db;
struct id;

/* Puts the number on the channels of `mask` (bits 1 << enum channel) and
 * takes it off the others.  A channel that it is on keeps its config; a new
 * one starts with number_config_init's. */
enum outcome number_channels_set(struct db *db, struct arena *arena,
    const struct id *account, const char *number, unsigned mask) MUSTCHECK;

#endif
