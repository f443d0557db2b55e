/*
 * What a client asks a conversation at once: the order of one piece of work
 * (kind `analyse`), and its result.
 */
#ifndef PARLEY_MODEL_EXTRACTION_H
#define PARLEY_MODEL_EXTRACTION_H

#include "model/analysis.h"

struct extraction_order {
	const char *schema_ids; /* JSON array of citation schemas' ids */
	const char *document;   /* one as it is stored, beside them; or NULL */
	bool keep;              /* in the conversation's citation_variables */
	struct list findings;   /* struct finding, of earlier tries */
};

enum extraction_status {
	EXTRACTION_SUCCESS,
	EXTRACTION_SKIPPED, /* nothing was said */
	EXTRACTION_ERROR,
	EXTRACTION_STATUS_N
};

extern const struct names extraction_status_names;

struct extraction_result {
	int status;            /* enum extraction_status */
	const char *variables; /* JSON object: what was found */
	const char *citations; /* JSON array of citations */
	int64_t count;         /* of the variables */
	int64_t messages;      /* that were looked at */
	const char *previous;  /* JSON object: citation_variables before */
	const char *final;     /* and after, where they are kept */
	const char *error;     /* "CODE: why" */
};

extern const struct schema extraction_order_schema;
extern const struct schema extraction_result_schema;

/* Both as the texts that the work's row holds, and from them.  INVALID: it
 * is no such text. */
const char *extraction_order_write(
    struct arena *arena, const struct extraction_order *order);
enum outcome extraction_order_read(struct arena *arena, const char *text,
    struct extraction_order *order) MUSTCHECK;
const char *extraction_result_write(
    struct arena *arena, const struct extraction_result *result);
enum outcome extraction_result_read(struct arena *arena, const char *text,
    struct extraction_result *result) MUSTCHECK;

/* What the findings come to: an error where one is, with what the others
 * found. */
struct extraction_result extraction_conclude(
    struct arena *arena, const struct list *findings);

#endif
