/*
 * How many segments a text takes on its way.
 *
 * GSM 03.38 (3GPP TS 23.038): a text of the basic alphabet has 7 bits a
 * character, those of the extension table take two places.  Any other
 * character makes the whole text UCS-2, 16 bits a unit, two units beyond
 * the Basic Multilingual Plane.  160 places or 70 units fit one segment;
 * of a longer text each segment holds 153 or 67, and neither an escaped
 * character nor a surrogate pair is cut by a segment's edge.
 */
#ifndef PARLEY_MODEL_SEGMENT_H
#define PARLEY_MODEL_SEGMENT_H

#include "base/base.h"
#include "base/names.h"

enum encoding { ENCODING_GSM7, ENCODING_UCS2, ENCODING_N };

extern const struct names encoding_names; /* "GSM-7", "UCS-2" */

/* The segments of a text (0 for ""), and its encoding. */
int64_t segment_count(const char *text, int *encoding);

#endif
