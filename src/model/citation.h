/*
 * Citation schemas: variables that are extracted from a conversation, each
 * with the words that it was taken from.
 *
 * Variables may be grouped, which only tells the model that they belong
 * together, and stand under conditions: what a condition names is kept only
 * where one that names it holds for the other variables.
 */
#ifndef PARLEY_MODEL_CITATION_H
#define PARLEY_MODEL_CITATION_H

#include "base/base.h"
#include "base/id.h"
#include "base/names.h"
#include "model/condition.h"
#include "model/field.h"

#define CITATION_ID_MOST 64

struct faults;

enum citation_type {
	CITATION_STRING,
	CITATION_NUMBER,
	CITATION_BOOLEAN,
	CITATION_ARRAY,    /* of strings */
	CITATION_CATEGORY, /* one of `options` */
	CITATION_TYPE_N
};

extern const struct names citation_type_names;

struct citation_variable {
	const char *name;
	const char *description;
	int type;            /* enum citation_type */
	const char *options; /* JSON array of texts */
};

struct citation_grouping {
	const char *name;
	const char *description;
	const char *variables; /* JSON array of names */
};

struct citation_condition {
	struct condition condition;
	const char *variables; /* JSON array of names */
};

/* What clients call the schema of a citation schema. */
struct citation_rules {
	struct list variables;  /* struct citation_variable */
	struct list groupings;  /* struct citation_grouping */
	struct list conditions; /* struct citation_condition */
};

struct citation_schema {
	const char *id;
	const char *name;
	const char *description;
	struct id account_id;
	struct citation_rules rules;
	int64_t created_at;
	const char *document; /* as it is stored */
};

/* Where a variable's value comes from. */
struct citation {
	const char *variable;
	const char *message; /* words of the conversation */
	double confidence;   /* 0 to 1 */
};

extern const struct schema citation_rules_schema;
extern const struct schema citation_schema_schema;
extern const struct schema citation_patch_schema; /* some of it */
extern const struct schema citation_entry_schema;

/* What must hold between the parts, which are at `path`: every name once,
 * options where they belong, and only names that are there.  INVALID. */
enum outcome citation_check(struct arena *arena,
    const struct citation_rules *rules, const char *path,
    struct faults *faults) MUSTCHECK;

/* The text that is stored, and the description and rules from it.  INVALID:
 * some of it is not right; the rest is read. */
const char *citation_write(
    struct arena *arena, const struct citation_schema *schema);
enum outcome citation_read(struct arena *arena, const char *document,
    struct citation_schema *schema) MUSTCHECK;

/* What a model is told, and the schema that its answer must fit: {"variables":
 * {...}, "citations": [...]}, each variable null where the conversation does
 * not say. */
const char *citation_instructions(
    struct arena *arena, const struct citation_schema *schema);
const char *citation_answer_schema(
    struct arena *arena, const struct citation_schema *schema);

/* What is kept of an answer that fits: variables that have a value and whose
 * conditions hold, and the citations of those whose words are in one of the
 * struct message of `messages`. */
const char *citation_keep(struct arena *arena,
    const struct citation_schema *schema, const char *answer,
    const struct list *messages);

#endif
