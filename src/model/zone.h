/*
 * Time zones by their IANA names, as the system's zoneinfo has them.
 */
#ifndef PARLEY_MODEL_ZONE_H
#define PARLEY_MODEL_ZONE_H

#include "base/base.h"

struct text_rule;

/* Is there such a zone: "Europe/Berlin", "UTC"? */
bool zone_exists(const char *name);

/* Seconds east of UTC there at a moment; 0 for a zone that does not exist. */
int64_t zone_offset(const char *name, int64_t when);

/* The same by the bytes of a zone's file (RFC 8536), with a NUL behind
 * them; 0 for what is none. */
int64_t zone_offset_in(const void *file, size_t length, int64_t when);

/* For a field that names one. */
extern const struct text_rule zone_rule;

#endif
