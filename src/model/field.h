/*
 * Documents as tables.
 *
 * A schema is a table of fields, each with its name, kind and limits and
 * the member of a struct that it lives in.  One table reads the request,
 * writes the answer and describes both in the API's description, so the
 * three cannot drift.
 *
 *   static const struct field pair_fields[] = {
 *           { "user_number", FIELD_PHONE, FIELD_REQUIRED,
 *               FIELD_AT(struct pair, user_number), .about = "..." },
 *   };
 *   const struct schema pair_schema = SCHEMA("Pair", pair_fields,
 *       struct pair);
 *
 * Reading fills only the members whose fields are given: what the struct
 * held before is the default, so a partial update is a reading over the row
 * that is there.  Every fault is reported, with its path.
 *
 * The members: const char * (TEXT, PHONE, URL, and OBJECT, ARRAY and TEXTS
 * as compact JSON text), double, int64_t, bool, struct id, int64_t for a
 * moment, int for a name, struct list for a list, and a struct in place for
 * a struct.  Absent, null, 0, NULL and the id of zeros are the same for a
 * field that may be null; a name that may be null has "" as its word 0.
 */
#ifndef PARLEY_MODEL_FIELD_H
#define PARLEY_MODEL_FIELD_H

#include "base/base.h"

struct arena;
struct faults;
struct json_object;
struct names;

enum field_kind {
	FIELD_TEXT,    /* least and most: characters */
	FIELD_PHONE,   /* E.164 */
	FIELD_URL,     /* a webhook's address, as model/url allows it */
	FIELD_NUMBER,  /* least and most: its value */
	FIELD_INTEGER, /* the same */
	FIELD_BOOLEAN,
	FIELD_ID,
	FIELD_WHEN,
	FIELD_NAME,   /* one of `names` */
	FIELD_OBJECT, /* any object; most: bytes of its compact text */
	FIELD_ARRAY,  /* any array; most: bytes of its compact text */
	FIELD_TEXTS,  /* an array of texts; most: how many */
	FIELD_STRUCT, /* an object of `schema` */
	FIELD_LIST,   /* an array of objects of `schema`; most: how many */
	FIELD_INLINE  /* `schema`'s fields, as if they stood here */
};

enum field_flag {
	FIELD_REQUIRED = 1 << 0,
	FIELD_NULLABLE = 1 << 1,
	FIELD_ALIAS = 1 << 2,     /* another name for a member: only read; it
	                           * is as good for one that is required */
	FIELD_OR_NUMBER = 1 << 3, /* a number is taken as its text */
	FIELD_OR_ARRAY = 1 << 4,  /* an OBJECT may be an array as well */
	FIELD_NOT_BLANK = 1 << 5,
	FIELD_READ_ONLY = 1 << 6,   /* only in answers */
	FIELD_WRITE_ONLY = 1 << 7,  /* only in requests: a secret */
	FIELD_ABOVE_LEAST = 1 << 8, /* `least` itself is too little */
	FIELD_OBJECTS = 1 << 9,     /* TEXTS: an item may be an object */
	FIELD_NUMBERS = 1 << 10,    /* TEXTS: a number is taken as its text */
	FIELD_OR_TEXT = 1 << 11,    /* OBJECT: a string too, kept as JSON;
	                             * BOOLEAN: "true" and "false" too */
	FIELD_SPARSE = 1 << 13,     /* in answers absent where it would be
	                             * null */
	FIELD_OR_DEFAULT = 1 << 15, /* null is read, and leaves the member as
	                             * it was; it is never written */
	FIELD_OR_SOCKET = 1 << 16,  /* a URL may be wss as well, and ws where
	                             * it may be http */
	FIELD_OR_SMTP = 1 << 17,    /* or that of a mail server */
	FIELD_MISTAKEN = 1 << 12,   /* an ALIAS that is warned of: people write
	                             * it by mistake, and what they mean is
	                             * plain. It stands before the field that
	                             * is meant, which wins over it */
	FIELD_POINTER = 1 << 14     /* the member points to the value: NULL
	                             * where none is given, and null in an
	                             * answer, so that 0 is 0. The fields of an
	                             * INLINE are then left out; it and STRUCT
	                             * are so in answers alone */
};

/* What a text must be beside its length. */
struct text_rule {
	bool (*holds)(const char *text);
	const char *wanted; /* "an IANA time zone such as Europe/Berlin" */
};

struct field {
	const char *name;
	enum field_kind kind;
	unsigned flags;
	size_t offset;
	double least, most; /* most 0: no limit of its own */
	const struct names *names;
	const struct schema *schema;
	const struct text_rule *rule;
	int reason;        /* enum reason_code of a fault in its value; 0:
	                    * INVALID_PARAMETER */
	const char *about; /* one line for the API's description */
};

struct schema {
	const char *name;
	const struct field *fields;
	size_t count;
	size_t size; /* of the struct */
};

/* Stands where the offset does; by its name, so that the members which a
 * row leaves out behind it are left out on purpose. */
#define FIELD_AT(type, member) .offset = offsetof(type, member)
#define SCHEMA(name, table, type)                                              \
	{                                                                      \
		(name), (table), COUNT(table), sizeof(type)                    \
	}

/* Structs one behind another. */
struct list {
	const void *items;
	size_t count;
};

/* What reading needs beside the document. */
struct reader {
	struct arena *arena;
	struct faults *faults;   /* what is wrong */
	struct faults *warnings; /* what was not understood; NULL: not asked */
	const char *net_allow;   /* networks whose http URLs are fine */
};

/* Reads an object into the struct at `out`; `path` is "" or the JSON
 * Pointer of the object.  INVALID when a fault was added; then some members
 * may be filled all the same. */
enum outcome field_read(struct reader *reader, const struct schema *schema,
    struct json_object *object, const char *path, void *out) MUSTCHECK;

/* The same for a text that we wrote ourselves, so that nobody is told what is
 * wrong with it.  INVALID also where it is no object. */
enum outcome field_read_text(struct arena *arena, const struct schema *schema,
    const char *text, void *out) MUSTCHECK;

/* The same for the parameters of a query: names and values in turn, ended
 * by NULL. */
enum outcome field_read_query(struct reader *reader,
    const struct schema *schema, const char *const *pairs, void *out) MUSTCHECK;

/* Adds a warning for each member of the object that is no field, with the
 * nearest name; field_read does so by itself. */
void field_warn(struct reader *reader, const struct schema *schema,
    struct json_object *object, const char *path);

/* The JSON Pointer (RFC 6901) of a member of the object at `path`. */
const char *field_path(struct arena *arena, const char *path, const char *name);

/* The object for a struct; the tree is the caller's. */
struct json_object *field_write(
    struct arena *arena, const struct schema *schema, const void *in);

/* The same as a text, which lives in the arena. */
const char *field_write_text(
    struct arena *arena, const struct schema *schema, const void *in);

/* The array for a list of structs. */
struct json_object *field_write_list(
    struct arena *arena, const struct schema *schema, const struct list *list);

#endif
