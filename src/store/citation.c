#include "base/base.h"

#include "store/citation.h"

#include "base/arena.h"
#include "base/when.h"
#include "db/stmt.h"

static const struct column columns[] = {
	COLUMN(TEXT, struct citation_schema, id),
	COLUMN(TEXT, struct citation_schema, name),
	COLUMN(ID, struct citation_schema, account_id),
	COLUMN(TEXT, struct citation_schema, document),
	COLUMN(WHEN, struct citation_schema, created_at),
};

#define SELECT_SCHEMA                                                          \
	"SELECT id, name, account_id, document, created_at"                    \
	" FROM citation_schema"

static const struct stmt insert = {
	.sql = "INSERT INTO citation_schema (account_id, id, name, document,"
	       " created_at)"
	       " VALUES (?, ?, ?, ?, ?)",
};

static const struct stmt find = {
	.sql = SELECT_SCHEMA " WHERE account_id = ? AND id = ?",
	ROWS(columns, struct citation_schema),
};

static const struct stmt lock = {
	.sql = SELECT_SCHEMA " WHERE account_id = ? AND id = ?"
			     " FOR UPDATE",
	ROWS(columns, struct citation_schema),
};

static const struct stmt refer = {
	.sql = SELECT_SCHEMA " WHERE account_id = ? AND (id = ? OR name = ?)"
			     " ORDER BY (id = ?) DESC, created_at, id"
			     " LIMIT 1",
	ROWS(columns, struct citation_schema),
};

static const struct stmt list = {
	.sql = SELECT_SCHEMA " WHERE account_id = ?"
			     " ORDER BY created_at, id",
	ROWS(columns, struct citation_schema),
};

static const struct stmt save = {
	.sql = "UPDATE citation_schema"
	       " SET name = ?, document = ?"
	       " WHERE account_id = ? AND id = ?",
};

static const struct stmt delete = {
	.sql = "DELETE FROM citation_schema"
	       " WHERE account_id = ? AND id = ?",
};

/* What was stored under other limits is shown all the same. */
static void
read_document(struct arena *arena, struct citation_schema *schema)
{
	enum outcome ignored = citation_read(arena, schema->document, schema);

	(void)ignored;
}

static enum outcome
one(struct db *db, struct arena *arena, const struct stmt *stmt,
    const struct id *account, const char *id, struct citation_schema *schema)
{
	enum outcome rc = stmt_one(
	    db, arena, stmt, VALUES(value_id(account), value_text(id)), schema);

	if (rc == OK)
		read_document(arena, schema);
	return rc;
}

enum outcome
citation_insert(struct db *db, struct arena *arena, const struct id *account,
    struct citation_schema *schema)
{
	schema->account_id = *account;
	schema->created_at = when_now();
	return stmt_run(db, &insert,
	    VALUES(value_id(account), value_text(schema->id),
		value_text(schema->name),
		value_text(citation_write(arena, schema)),
		value_when(schema->created_at)),
	    NULL);
}

enum outcome
citation_find(struct db *db, struct arena *arena, const struct id *account,
    const char *id, struct citation_schema *schema)
{
	return one(db, arena, &find, account, id, schema);
}

enum outcome
citation_lock(struct db *db, struct arena *arena, const struct id *account,
    const char *id, struct citation_schema *schema)
{
	return one(db, arena, &lock, account, id, schema);
}

enum outcome
citation_refer(struct db *db, struct arena *arena, const struct id *account,
    const char *reference, struct citation_schema *schema)
{
	enum outcome rc = stmt_one(db, arena, &refer,
	    VALUES(value_id(account), value_text(reference),
		value_text(reference), value_text(reference)),
	    schema);

	if (rc == OK)
		read_document(arena, schema);
	return rc;
}

enum outcome
citation_list(struct db *db, struct arena *arena, const struct id *account,
    struct rows *rows)
{
	struct citation_schema *schemas;
	size_t i;
	enum outcome rc =
	    stmt_all(db, arena, &list, VALUES(value_id(account)), rows);

	schemas = rows->list;
	for (i = 0; rc == OK && i < rows->count; i++)
		read_document(arena, &schemas[i]);
	return rc;
}

enum outcome
citation_save(struct db *db, struct arena *arena, const struct id *account,
    const struct citation_schema *schema)
{
	return stmt_run(db, &save,
	    VALUES(value_text(schema->name),
		value_text(citation_write(arena, schema)), value_id(account),
		value_text(schema->id)),
	    NULL);
}

enum outcome
citation_delete(struct db *db, const struct id *account, const char *id)
{
	int64_t found;
	enum outcome rc = stmt_run(
	    db, &delete, VALUES(value_id(account), value_text(id)), &found);

	return rc == OK && found == 0 ? NOT_FOUND : rc;
}
