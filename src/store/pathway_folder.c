#include "base/base.h"

#include "store/pathway_folder.h"

#include "base/arena.h"
#include "base/when.h"
#include "db/stmt.h"

static const struct column columns[] = {
	COLUMN(ID, struct pathway_folder, id),
	COLUMN(TEXT, struct pathway_folder, name),
	COLUMN(ID, struct pathway_folder, parent_id),
	COLUMN(WHEN, struct pathway_folder, created_at),
};

#define SELECT_FOLDER                                                          \
	"SELECT id, name, parent_id, created_at"                               \
	" FROM pathway_folder"                                                 \
	" WHERE account_id = ?"

static const struct stmt list = {
	.sql = SELECT_FOLDER " ORDER BY name, id"
			     " LIMIT ?",
	ROWS(columns, struct pathway_folder),
};

static const struct stmt find = {
	.sql = SELECT_FOLDER " AND id = ?",
	ROWS(columns, struct pathway_folder),
};

struct content {
	int64_t count;
};

static const struct column content_columns[] = {
	COLUMN(INTEGER, struct content, count),
};

static const struct stmt count_all = {
	.sql = "SELECT COUNT(*)"
	       " FROM pathway_folder"
	       " WHERE account_id = ?",
	ROWS(content_columns, struct content),
};

static const struct stmt count_content = {
	.sql = "SELECT"
	       " (SELECT COUNT(*)"
	       "  FROM pathway"
	       "  WHERE account_id = ? AND folder_id = ?) +"
	       " (SELECT COUNT(*)"
	       "  FROM pathway_folder"
	       "  WHERE account_id = ? AND parent_id = ?)",
	ROWS(content_columns, struct content),
};

static const struct stmt insert = {
	.sql = "INSERT INTO pathway_folder (account_id, id, parent_id, name,"
	       " created_at)"
	       " VALUES (?, ?, ?, ?, ?)",
};

static const struct stmt update = {
	.sql = "UPDATE pathway_folder"
	       " SET name = ?, parent_id = ?"
	       " WHERE account_id = ? AND id = ?",
};

static const struct stmt delete = {
	.sql = "DELETE FROM pathway_folder"
	       " WHERE account_id = ? AND id = ?",
};

enum outcome
pathway_folder_list(struct db *db, struct arena *arena,
    const struct id *account, struct rows *rows)
{
	return stmt_all(db, arena, &list,
	    VALUES(value_id(account), value_integer(PATHWAY_FOLDERS_MOST)),
	    rows);
}

enum outcome
pathway_folder_find(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct pathway_folder *folder)
{
	return stmt_one(
	    db, arena, &find, VALUES(value_id(account), value_id(id)), folder);
}

/* What is above the parent is looked at too, up to the top. */
enum outcome
pathway_folder_fits(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id, const struct id *parent)
{
	struct pathway_folder above = { .parent_id = *parent };
	int depth;
	enum outcome rc;

	for (depth = 1; !id_is_none(&above.parent_id); depth++) {
		if (id_equal(&above.parent_id, id))
			return CONFLICT;
		if (depth >= PATHWAY_FOLDER_DEPTH)
			return LIMITED;
		rc = pathway_folder_find(
		    db, arena, account, &above.parent_id, &above);
		if (rc != OK)
			return rc;
	}
	return OK;
}

enum outcome
pathway_folder_insert(struct db *db, struct arena *arena,
    const struct id *account, struct pathway_folder *folder)
{
	struct content all;
	enum outcome rc =
	    stmt_one(db, arena, &count_all, VALUES(value_id(account)), &all);

	if (rc != OK)
		return rc;
	if (all.count >= PATHWAY_FOLDERS_MOST)
		return LIMITED;
	folder->id = id_new();
	folder->created_at = when_now();
	return stmt_run(db, &insert,
	    VALUES(value_id(account), value_id(&folder->id),
		value_id(&folder->parent_id), value_text(folder->name),
		value_when(folder->created_at)),
	    NULL);
}

enum outcome
pathway_folder_update(struct db *db, const struct id *account,
    const struct pathway_folder *folder)
{
	return stmt_run(db, &update,
	    VALUES(value_text(folder->name), value_id(&folder->parent_id),
		value_id(account), value_id(&folder->id)),
	    NULL);
}

enum outcome
pathway_folder_delete(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id)
{
	struct content content;
	int64_t found = 0;
	enum outcome rc = stmt_one(db, arena, &count_content,
	    VALUES(value_id(account), value_id(id), value_id(account),
		value_id(id)),
	    &content);

	if (rc != OK)
		return rc;
	if (content.count > 0)
		return CONFLICT;
	rc = stmt_run(
	    db, &delete, VALUES(value_id(account), value_id(id)), &found);
	return rc == OK && found == 0 ? NOT_FOUND : rc;
}
