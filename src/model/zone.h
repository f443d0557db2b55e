/*
 * Time zones by their IANA names, as the system's zoneinfo has them.
 */
#ifndef PARLEY_MODEL_ZONE_H
#define PARLEY_MODEL_ZONE_H

#include "base/base.h"

/* Is there such a zone: "Europe/Berlin", "UTC"? */
bool zone_exists(const char *name);

#endif
