#include "base/base.h"

#include "store/disposition.h"

#include "base/arena.h"
#include "base/when.h"
#include "db/stmt.h"

static const struct column columns[] = {
	COLUMN(TEXT, struct disposition, id),
	COLUMN(TEXT, struct disposition, name),
	COLUMN(TEXT, struct disposition, document),
	COLUMN(WHEN, struct disposition, created_at),
	COLUMN(INTEGER, struct disposition, version),
	COLUMN(WHEN, struct disposition, updated_at),
};

/* One that was put there by hand has no version yet: that is its first. */
#define SELECT_DISPOSITION                                                     \
	"SELECT o.id, o.name, o.document, o.created_at,"                       \
	" COALESCE(MAX(v.version), 1),"                                        \
	" COALESCE(MAX(v.created_at), o.created_at)"                           \
	" FROM outcome o"                                                      \
	" LEFT JOIN outcome_version v ON v.account_id = o.account_id"          \
	"  AND v.outcome_id = o.id"

#define GROUPED " GROUP BY o.account_id, o.id"

static const struct column log_columns[] = {
	COLUMN(TEXT, struct finding, id),
	COLUMN(INTEGER, struct finding, version),
	COLUMN_OF(&finding_status_names, struct finding, status),
	COLUMN(TEXT, struct finding, result),
	COLUMN(TEXT, struct finding, error),
	COLUMN(INTEGER, struct finding, exec_time),
};

static const struct stmt insert = {
	.sql = "INSERT INTO outcome (account_id, id, name, document,"
	       " created_at)"
	       " VALUES (?, ?, ?, ?, ?)",
};

static const struct stmt insert_version = {
	.sql = "INSERT INTO outcome_version (account_id, outcome_id, version,"
	       " document, created_at)"
	       " VALUES (?, ?, ?, ?, ?)",
};

static const struct stmt find = {
	.sql =
	    SELECT_DISPOSITION " WHERE o.account_id = ? AND o.id = ?" GROUPED,
	ROWS(columns, struct disposition),
};

static const struct stmt refer = {
	.sql = SELECT_DISPOSITION
	" WHERE o.account_id = ? AND (o.id = ? OR o.name = ?)" GROUPED
	" ORDER BY (o.id = ?) DESC, o.created_at, o.id"
	" LIMIT 1",
	ROWS(columns, struct disposition),
};

static const struct stmt list = {
	.sql = SELECT_DISPOSITION " WHERE o.account_id = ?" GROUPED
				  " ORDER BY o.created_at, o.id",
	ROWS(columns, struct disposition),
};

/* Rows that are grouped are not locked. */
static const struct stmt lock = {
	.sql = "SELECT id, name, document, created_at, 0, created_at"
	       " FROM outcome"
	       " WHERE account_id = ? AND id = ?"
	       " FOR UPDATE",
	ROWS(columns, struct disposition),
};

static const struct stmt versions = {
	.sql = "SELECT o.id, o.name, v.document, o.created_at, v.version,"
	       " v.created_at"
	       " FROM outcome o"
	       " JOIN outcome_version v ON v.account_id = o.account_id"
	       "  AND v.outcome_id = o.id"
	       " WHERE o.account_id = ? AND o.id = ?"
	       " ORDER BY v.version DESC",
	ROWS(columns, struct disposition),
};

static const struct stmt save = {
	.sql = "UPDATE outcome"
	       " SET name = ?, document = ?"
	       " WHERE account_id = ? AND id = ?",
};

static const struct stmt delete_versions = {
	.sql = "DELETE FROM outcome_version"
	       " WHERE account_id = ? AND outcome_id = ?",
};

static const struct stmt delete = {
	.sql = "DELETE FROM outcome"
	       " WHERE account_id = ? AND id = ?",
};

static const struct stmt insert_log = {
	.sql = "INSERT INTO disposition_log (account_id, conversation_id,"
	       " position, outcome_id, version, status, result, error,"
	       " exec_time, created_at)"
	       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
};

static const struct stmt list_log = {
	.sql = "SELECT outcome_id, version, status, result, error, exec_time"
	       " FROM disposition_log"
	       " WHERE account_id = ? AND conversation_id = ?"
	       " ORDER BY position",
	ROWS(log_columns, struct finding),
};

static const struct stmt delete_log = {
	.sql = "DELETE FROM disposition_log"
	       " WHERE account_id = ? AND conversation_id = ?",
};

/* What was stored under other limits is shown all the same. */
static void
read_document(struct arena *arena, struct disposition *disposition)
{
	enum outcome ignored =
	    disposition_read(arena, disposition->document, disposition);

	(void)ignored;
}

static enum outcome
read_all(struct arena *arena, enum outcome rc, struct rows *rows)
{
	struct disposition *dispositions = rows->list;
	size_t i;

	for (i = 0; rc == OK && i < rows->count; i++)
		read_document(arena, &dispositions[i]);
	return rc;
}

static enum outcome
add_version(struct db *db, const struct id *account,
    const struct disposition *disposition)
{
	return stmt_run(db, &insert_version,
	    VALUES(value_id(account), value_text(disposition->id),
		value_integer(disposition->version),
		value_text(disposition->document),
		value_when(disposition->updated_at)),
	    NULL);
}

enum outcome
disposition_insert(struct db *db, struct arena *arena, const struct id *account,
    struct disposition *disposition)
{
	enum outcome rc;

	disposition->version = 1;
	disposition->created_at = disposition->updated_at = when_now();
	disposition->document = disposition_write(arena, disposition);
	rc = stmt_run(db, &insert,
	    VALUES(value_id(account), value_text(disposition->id),
		value_text(disposition->name),
		value_text(disposition->document),
		value_when(disposition->created_at)),
	    NULL);
	return rc == OK ? add_version(db, account, disposition) : rc;
}

enum outcome
disposition_find(struct db *db, struct arena *arena, const struct id *account,
    const char *id, struct disposition *disposition)
{
	enum outcome rc = stmt_one(db, arena, &find,
	    VALUES(value_id(account), value_text(id)), disposition);

	if (rc == OK)
		read_document(arena, disposition);
	return rc;
}

enum outcome
disposition_lock(struct db *db, struct arena *arena, const struct id *account,
    const char *id, struct disposition *disposition)
{
	struct disposition ignored;
	enum outcome rc = stmt_one(db, arena, &lock,
	    VALUES(value_id(account), value_text(id)), &ignored);

	if (rc != OK)
		return rc;
	return disposition_find(db, arena, account, id, disposition);
}

enum outcome
disposition_refer(struct db *db, struct arena *arena, const struct id *account,
    const char *reference, struct disposition *disposition)
{
	enum outcome rc = stmt_one(db, arena, &refer,
	    VALUES(value_id(account), value_text(reference),
		value_text(reference), value_text(reference)),
	    disposition);

	if (rc == OK)
		read_document(arena, disposition);
	return rc;
}

enum outcome
disposition_list(struct db *db, struct arena *arena, const struct id *account,
    struct rows *rows)
{
	return read_all(arena,
	    stmt_all(db, arena, &list, VALUES(value_id(account)), rows), rows);
}

enum outcome
disposition_versions(struct db *db, struct arena *arena,
    const struct id *account, const char *id, struct rows *rows)
{
	return read_all(arena,
	    stmt_all(db, arena, &versions,
		VALUES(value_id(account), value_text(id)), rows),
	    rows);
}

enum outcome
disposition_save(struct db *db, struct arena *arena, const struct id *account,
    struct disposition *disposition)
{
	enum outcome rc;

	disposition->version++;
	disposition->updated_at = when_now();
	disposition->document = disposition_write(arena, disposition);
	rc = stmt_run(db, &save,
	    VALUES(value_text(disposition->name),
		value_text(disposition->document), value_id(account),
		value_text(disposition->id)),
	    NULL);
	return rc == OK ? add_version(db, account, disposition) : rc;
}

enum outcome
disposition_delete(struct db *db, const struct id *account, const char *id)
{
	int64_t found;
	enum outcome rc = stmt_run(db, &delete_versions,
	    VALUES(value_id(account), value_text(id)), NULL);

	if (rc == OK)
		rc = stmt_run(db, &delete,
		    VALUES(value_id(account), value_text(id)), &found);
	return rc == OK && found == 0 ? NOT_FOUND : rc;
}

enum outcome
disposition_log_write(struct db *db, const struct id *account,
    const struct id *conversation, const struct list *findings)
{
	const struct finding *all = findings->items;
	int64_t now = when_now();
	size_t i;
	enum outcome rc = disposition_log_delete(db, account, conversation);

	for (i = 0; rc == OK && i < findings->count; i++)
		if (all[i].kind == QUESTION_DISPOSITION)
			rc = stmt_run(db, &insert_log,
			    VALUES(value_id(account), value_id(conversation),
				value_integer((int64_t)i),
				value_text(all[i].id),
				value_integer(all[i].version),
				value_name(
				    &finding_status_names, all[i].status),
				value_text(all[i].result),
				value_text(all[i].error),
				value_integer(all[i].exec_time),
				value_when(now)),
			    NULL);
	return rc;
}

enum outcome
disposition_log_list(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation, struct rows *rows)
{
	return stmt_all(db, arena, &list_log,
	    VALUES(value_id(account), value_id(conversation)), rows);
}

enum outcome
disposition_log_delete(
    struct db *db, const struct id *account, const struct id *conversation)
{
	return stmt_run(db, &delete_log,
	    VALUES(value_id(account), value_id(conversation)), NULL);
}
