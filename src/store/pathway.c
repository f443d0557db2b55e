#include "base/base.h"

#include "store/pathway.h"

#include "base/arena.h"
#include "base/when.h"
#include "db/stmt.h"

static const struct column columns[] = {
	COLUMN(TEXT, struct pathway_head, id),
	COLUMN(TEXT, struct pathway_head, name),
	COLUMN(TEXT, struct pathway_head, description),
	COLUMN(ID, struct pathway_head, folder_id),
	COLUMN(INTEGER, struct pathway_head, production),
	COLUMN(INTEGER, struct pathway_head, staging),
	COLUMN(INTEGER, struct pathway_head, latest),
	COLUMN(WHEN, struct pathway_head, published_at),
	COLUMN(WHEN, struct pathway_head, created_at),
	COLUMN(WHEN, struct pathway_head, updated_at),
};

#define SELECT_HEAD                                                            \
	"SELECT p.id, p.name, p.description, p.folder_id,"                     \
	" p.production_version, p.staging_version,"                            \
	" (SELECT MAX(v.number)"                                               \
	"  FROM pathway_version v"                                             \
	"  WHERE v.account_id = p.account_id AND v.pathway_id = p.id"          \
	"   AND v.archived_at IS NULL),"                                       \
	" p.published_at, p.created_at, COALESCE(p.updated_at, p.created_at)"  \
	" FROM pathway p"                                                      \
	" WHERE p.account_id = ?"

#define NEWEST_FIRST " ORDER BY p.created_at DESC, p.id DESC"

static const struct stmt find = {
	.sql = SELECT_HEAD " AND p.id = ?",
	ROWS(columns, struct pathway_head),
};

static const struct column lock_columns[] = {
	COLUMN(TEXT, struct pathway_head, id),
};

/* Only the row itself is locked: its versions are written under it. */
static const struct stmt lock = {
	.sql = "SELECT id"
	       " FROM pathway"
	       " WHERE account_id = ? AND id = ?"
	       " FOR UPDATE",
	ROWS(lock_columns, struct pathway_head),
};

static const struct stmt list = {
	.sql = SELECT_HEAD NEWEST_FIRST " LIMIT ? OFFSET ?",
	ROWS(columns, struct pathway_head),
};

static const struct stmt list_folder = {
	.sql = SELECT_HEAD " AND p.folder_id = ?" NEWEST_FIRST " LIMIT ?",
	ROWS(columns, struct pathway_head),
};

static const struct stmt insert = {
	.sql = "INSERT INTO pathway (account_id, id, name, description,"
	       " folder_id, created_at, updated_at)"
	       " VALUES (?, ?, ?, ?, ?, ?, ?)",
};

static const struct stmt update = {
	.sql = "UPDATE pathway"
	       " SET name = ?, description = ?, folder_id = ?, updated_at = ?"
	       " WHERE account_id = ? AND id = ?",
};

static const struct stmt set_production = {
	.sql = "UPDATE pathway"
	       " SET production_version = ?, published_at = ?, updated_at = ?"
	       " WHERE account_id = ? AND id = ?",
};

static const struct stmt set_staging = {
	.sql = "UPDATE pathway"
	       " SET staging_version = ?, updated_at = ?"
	       " WHERE account_id = ? AND id = ?",
};

/* The first time is kept. */
static const struct stmt mark_published = {
	.sql = "UPDATE pathway_version"
	       " SET published_at = COALESCE(published_at, ?)"
	       " WHERE account_id = ? AND pathway_id = ? AND number = ?",
};

static const struct column users_columns[] = {
	COLUMN(TEXT, struct pathway_users, numbers),
	COLUMN(INTEGER, struct pathway_users, conversations),
};

static const struct stmt find_users = {
	.sql = "SELECT"
	       " (SELECT LEFT(GROUP_CONCAT(DISTINCT number ORDER BY number"
	       "    SEPARATOR ', '), 1000)"
	       "  FROM number_config"
	       "  WHERE account_id = ? AND pathway_id = ?),"
	       " (SELECT COUNT(*)"
	       "  FROM conversation"
	       "  WHERE account_id = ? AND pathway_id = ? AND status = 'open')",
	ROWS(users_columns, struct pathway_users),
};

static const struct stmt delete_versions = {
	.sql = "DELETE FROM pathway_version"
	       " WHERE account_id = ? AND pathway_id = ?",
};

static const struct stmt delete = {
	.sql = "DELETE FROM pathway"
	       " WHERE account_id = ? AND id = ?",
};

enum outcome
pathway_insert(struct db *db, struct arena *arena, const struct id *account,
    struct pathway_head *head)
{
	struct id id = id_new();

	head->id = id_text(arena, &id);
	head->created_at = head->updated_at = when_now();
	return stmt_run(db, &insert,
	    VALUES(value_id(account), value_text(head->id),
		value_text(head->name), value_text(head->description),
		value_id(&head->folder_id), value_when(head->created_at),
		value_when(head->updated_at)),
	    NULL);
}

enum outcome
pathway_head_find(struct db *db, struct arena *arena, const struct id *account,
    const char *id, struct pathway_head *head)
{
	return stmt_one(
	    db, arena, &find, VALUES(value_id(account), value_text(id)), head);
}

enum outcome
pathway_hold(struct db *db, struct arena *arena, const struct id *account,
    const char *id, struct pathway_head *head)
{
	enum outcome rc = stmt_one(
	    db, arena, &lock, VALUES(value_id(account), value_text(id)), head);

	if (rc != OK)
		return rc;
	return pathway_head_find(db, arena, account, id, head);
}

enum outcome
pathway_update(
    struct db *db, const struct id *account, struct pathway_head *head)
{
	head->updated_at = when_now();
	return stmt_run(db, &update,
	    VALUES(value_text(head->name), value_text(head->description),
		value_id(&head->folder_id), value_when(head->updated_at),
		value_id(account), value_text(head->id)),
	    NULL);
}

enum outcome
pathway_publish(struct db *db, const struct id *account,
    struct pathway_head *head, enum pathway_environment environment,
    int64_t number)
{
	int64_t now = when_now();
	enum outcome rc;

	head->updated_at = now;
	if (environment == PATHWAY_STAGING) {
		head->staging = number;
		return stmt_run(db, &set_staging,
		    VALUES(value_integer(number), value_when(now),
			value_id(account), value_text(head->id)),
		    NULL);
	}
	head->production = number;
	head->published_at = now;
	rc = stmt_run(db, &set_production,
	    VALUES(value_integer(number), value_when(now), value_when(now),
		value_id(account), value_text(head->id)),
	    NULL);
	if (rc != OK)
		return rc;
	return stmt_run(db, &mark_published,
	    VALUES(value_when(now), value_id(account), value_text(head->id),
		value_integer(number)),
	    NULL);
}

enum outcome
pathway_list(struct db *db, struct arena *arena, const struct id *account,
    int64_t limit, int64_t offset, struct rows *rows)
{
	return stmt_all(db, arena, &list,
	    VALUES(
		value_id(account), value_integer(limit), value_integer(offset)),
	    rows);
}

enum outcome
pathway_list_folder(struct db *db, struct arena *arena,
    const struct id *account, const struct id *folder, struct rows *rows)
{
	return stmt_all(db, arena, &list_folder,
	    VALUES(value_id(account), value_id(folder),
		value_integer(PATHWAY_LIST_MOST)),
	    rows);
}

enum outcome
pathway_find_users(struct db *db, struct arena *arena, const struct id *account,
    const char *id, struct pathway_users *users)
{
	return stmt_one(db, arena, &find_users,
	    VALUES(value_id(account), value_text(id), value_id(account),
		value_text(id)),
	    users);
}

enum outcome
pathway_delete(struct db *db, const struct id *account, const char *id)
{
	int64_t found = 0;
	enum outcome rc = stmt_run(
	    db, &delete, VALUES(value_id(account), value_text(id)), &found);

	if (rc == OK && found == 0)
		return NOT_FOUND;
	if (rc != OK)
		return rc;
	return stmt_run(db, &delete_versions,
	    VALUES(value_id(account), value_text(id)), NULL);
}
