/*
 * Outcomes: what is judged of a conversation that has ended.
 *
 * A disposition is the definition that clients know as an outcome: fields
 * that a model fills from the transcript, and a tag for the conversation
 * where the result meets the tag's condition.  It has versions, counted from
 * 1, so that a result says which one made it.  (An outcome is something else
 * in these sources: base/outcome.h.)
 */
#ifndef PARLEY_MODEL_DISPOSITION_H
#define PARLEY_MODEL_DISPOSITION_H

#include "base/base.h"
#include "base/names.h"
#include "model/field.h"

#define DISPOSITION_ID_MOST 64

struct faults;

enum disposition_type {
	DISPOSITION_BOOLEAN,
	DISPOSITION_STRING,
	DISPOSITION_NUMBER,
	DISPOSITION_TYPE_N
};

extern const struct names disposition_type_names;

struct disposition_field {
	const char *name;
	int type; /* enum disposition_type */
	const char *description;
};

struct disposition {
	const char *id;
	const char *name;
	const char *description;
	struct list fields; /* struct disposition_field */
	const char *tag;    /* JSON object: name, color, condition; or NULL */
	int64_t version;
	int64_t created_at;
	int64_t updated_at;   /* when this version was made */
	const char *document; /* as it is stored */
};

/* A definition as clients give it and are shown it. */
extern const struct schema disposition_schema;
extern const struct schema disposition_patch_schema; /* some of it */

/* What must hold between its parts: every name once, a tag that is one, with
 * a condition on a field that is there.  INVALID. */
enum outcome disposition_check(struct arena *arena,
    const struct disposition *disposition, struct faults *faults) MUSTCHECK;

/* The text that is stored, and the definition from it: name, description,
 * fields and tag.  INVALID: some of it is not right; the rest is read. */
const char *disposition_write(
    struct arena *arena, const struct disposition *disposition);
enum outcome disposition_read(struct arena *arena, const char *document,
    struct disposition *disposition) MUSTCHECK;

/* What a model is told, and the schema that its answer must fit: an object
 * with every field, null where the conversation does not say. */
const char *disposition_instructions(
    struct arena *arena, const struct disposition *disposition);
const char *disposition_answer_schema(
    struct arena *arena, const struct disposition *disposition);

/* The tag's name, if there is one and this result (a JSON object) meets its
 * condition; else NULL. */
const char *disposition_tag(struct arena *arena,
    const struct disposition *disposition, const char *result);

#endif
