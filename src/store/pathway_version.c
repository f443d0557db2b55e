#include "base/base.h"

#include "store/pathway_version.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/when.h"
#include "db/stmt.h"
#include "store/pathway.h"

#define NUMBER_NONE (-1)

/* Shorter than the list: without the document. */
#define HEAD_COLUMNS                                                           \
	COLUMN(ID, struct pathway_version, id),                                \
	    COLUMN(INTEGER, struct pathway_version, number),                   \
	    COLUMN(TEXT, struct pathway_version, name),                        \
	    COLUMN(INTEGER, struct pathway_version, revision),                 \
	    COLUMN(WHEN, struct pathway_version, published_at),                \
	    COLUMN(WHEN, struct pathway_version, created_at),                  \
	    COLUMN(WHEN, struct pathway_version, updated_at)

#define HEAD_NAMES                                                             \
	"id, number, name, revision_number, published_at, created_at,"         \
	" COALESCE(updated_at, created_at)"

#define OF_PATHWAY                                                             \
	" FROM pathway_version"                                                \
	" WHERE account_id = ? AND pathway_id = ? AND archived_at IS NULL"

static const struct column head_columns[] = { HEAD_COLUMNS };

static const struct column columns[] = {
	HEAD_COLUMNS,
	COLUMN(TEXT, struct pathway_version, document),
};

static const struct column number_columns[] = {
	COLUMN(INTEGER, struct pathway_version, number),
};

static const struct stmt find = {
	.sql = "SELECT " HEAD_NAMES ", document" OF_PATHWAY " AND number = ?",
	ROWS(columns, struct pathway_version),
};

static const struct stmt list = {
	.sql = "SELECT " HEAD_NAMES OF_PATHWAY " AND number > 0"
	       " ORDER BY number DESC"
	       " LIMIT ?",
	ROWS(head_columns, struct pathway_version),
};

static const struct stmt find_number = {
	.sql = "SELECT number" OF_PATHWAY " AND number = ?",
	ROWS(number_columns, struct pathway_version),
};

static const struct stmt find_id = {
	.sql = "SELECT number" OF_PATHWAY " AND id = ?",
	ROWS(number_columns, struct pathway_version),
};

/* Of several with one name the newest. */
static const struct stmt find_name = {
	.sql = "SELECT number" OF_PATHWAY " AND name = ?"
	       " ORDER BY number DESC"
	       " LIMIT 1",
	ROWS(number_columns, struct pathway_version),
};

/* Archived ones count: a number is used once. */
static const struct stmt find_last = {
	.sql = "SELECT number"
	       " FROM pathway_version"
	       " WHERE account_id = ? AND pathway_id = ?"
	       " ORDER BY number DESC"
	       " LIMIT 1",
	ROWS(number_columns, struct pathway_version),
};

/* The one that is being worked on. */
static const struct stmt find_open = {
	.sql = "SELECT number" OF_PATHWAY
	       " AND number > 0 AND published_at IS NULL"
	       " ORDER BY number DESC"
	       " LIMIT 1",
	ROWS(number_columns, struct pathway_version),
};

static const struct stmt insert = {
	.sql = "INSERT INTO pathway_version (account_id, pathway_id, number,"
	       " id, name, document, revision_number, created_at, updated_at)"
	       " VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?)",
};

static const struct stmt update = {
	.sql = "UPDATE pathway_version"
	       " SET name = ?, document = ?,"
	       "  revision_number = revision_number + 1, updated_at = ?"
	       " WHERE account_id = ? AND pathway_id = ? AND number = ?",
};

static const struct stmt archive = {
	.sql = "UPDATE pathway_version"
	       " SET archived_at = ?"
	       " WHERE account_id = ? AND pathway_id = ? AND number = ?"
	       "  AND archived_at IS NULL",
};

/* The words for versions, and where their numbers are. */
static const struct {
	const char *word;
	size_t offset;
} words[] = {
	{ "production", offsetof(struct pathway_head, production) },
	{ "staging", offsetof(struct pathway_head, staging) },
	{ "latest", offsetof(struct pathway_head, latest) },
};

/* What a word alone says; NUMBER_NONE: it is none of ours. */
static int64_t
number_of(const struct pathway_head *head, const char *word)
{
	int64_t number;
	size_t i;

	if (word == NULL)
		return head->production > 0 ? head->production : head->latest;
	if (text_equal(word, "draft"))
		return PATHWAY_DRAFT;
	for (i = 0; i < COUNT(words); i++)
		if (text_equal(word, words[i].word))
			return *(
			    const int64_t *)(const void *)((const char *)head +
							   words[i].offset);
	return text_to_integer(word, &number) == OK ? number : NUMBER_NONE;
}

/* Nothing is in this environment yet. */
static bool
is_vacant(const struct pathway_head *head, const char *word)
{
	return word != NULL &&
	       ((text_equal(word, "production") && head->production == 0) ||
		   (text_equal(word, "staging") && head->staging == 0));
}

enum outcome
pathway_version_resolve(struct db *db, struct arena *arena,
    const struct id *account, const struct pathway_head *head, const char *word,
    int64_t *number)
{
	struct value owner = value_id(account), pathway = value_text(head->id);
	struct pathway_version found;
	struct id id;
	enum outcome rc;

	if (is_vacant(head, word))
		return NOT_FOUND;
	found.number = number_of(head, word);
	if (found.number != NUMBER_NONE)
		rc = stmt_one(db, arena, &find_number,
		    VALUES(owner, pathway, value_integer(found.number)),
		    &found);
	else if (id_parse(word, &id) == OK && !id_is_none(&id))
		rc = stmt_one(db, arena, &find_id,
		    VALUES(owner, pathway, value_id(&id)), &found);
	else
		rc = stmt_one(db, arena, &find_name,
		    VALUES(owner, pathway, value_text(word)), &found);
	if (rc == OK)
		*number = found.number;
	return rc;
}

enum outcome
pathway_version_find(struct db *db, struct arena *arena,
    const struct id *account, const char *pathway, int64_t number,
    struct pathway_version *version)
{
	enum outcome rc = stmt_one(db, arena, &find,
	    VALUES(
		value_id(account), value_text(pathway), value_integer(number)),
	    version);

	if (rc != NOT_FOUND || number != PATHWAY_DRAFT)
		return rc;
	*version = (struct pathway_version){ .document = PATHWAY_EMPTY };
	return OK;
}

enum outcome
pathway_version_list(struct db *db, struct arena *arena,
    const struct id *account, const char *pathway, struct rows *rows)
{
	return stmt_all(db, arena, &list,
	    VALUES(value_id(account), value_text(pathway),
		value_integer(PATHWAY_LIST_MOST)),
	    rows);
}

static enum outcome
insert_row(struct db *db, const struct id *account, const char *pathway,
    struct pathway_version *version)
{
	version->id = id_new();
	version->revision = 1;
	version->created_at = version->updated_at = when_now();
	return stmt_run(db, &insert,
	    VALUES(value_id(account), value_text(pathway),
		value_integer(version->number), value_id(&version->id),
		value_text(version->name), value_text(version->document),
		value_when(version->created_at),
		value_when(version->updated_at)),
	    NULL);
}

/* The draft has no row until it is written. */
static enum outcome
write_row(struct db *db, const struct id *account, const char *pathway,
    struct pathway_version *version)
{
	int64_t found = 0;
	enum outcome rc;

	version->updated_at = when_now();
	rc = stmt_run(db, &update,
	    VALUES(value_text(version->name), value_text(version->document),
		value_when(version->updated_at), value_id(account),
		value_text(pathway), value_integer(version->number)),
	    &found);
	version->revision++;
	if (rc != OK || found > 0)
		return rc;
	return version->number == PATHWAY_DRAFT
		   ? insert_row(db, account, pathway, version)
		   : NOT_FOUND;
}

static enum outcome
write_draft(struct db *db, const struct id *account, const char *pathway,
    const char *document)
{
	struct pathway_version draft = { .number = PATHWAY_DRAFT,
		.document = document };

	return write_row(db, account, pathway, &draft);
}

enum outcome
pathway_version_insert(struct db *db, struct arena *arena,
    const struct id *account, struct pathway_head *head,
    struct pathway_version *version)
{
	struct pathway_version last = { .number = 0 };
	enum outcome rc = stmt_one(db, arena, &find_last,
	    VALUES(value_id(account), value_text(head->id)), &last);

	if (rc != OK && rc != NOT_FOUND)
		return rc;
	head->latest = version->number = last.number + 1;
	if (version->name == NULL)
		version->name = arena_format(
		    arena, "Version %lld", (long long)version->number);
	rc = insert_row(db, account, head->id, version);
	if (rc != OK)
		return rc;
	return write_draft(db, account, head->id, version->document);
}

enum outcome
pathway_version_write(struct db *db, struct arena *arena,
    const struct id *account, const char *pathway,
    struct pathway_version *version)
{
	struct pathway_version open;
	enum outcome rc = write_row(db, account, pathway, version);

	if (rc != OK || version->number == PATHWAY_DRAFT)
		return rc;
	rc = stmt_one(db, arena, &find_open,
	    VALUES(value_id(account), value_text(pathway)), &open);
	if (rc == NOT_FOUND || (rc == OK && open.number != version->number))
		return OK;
	if (rc != OK)
		return rc;
	return write_draft(db, account, pathway, version->document);
}

enum outcome
pathway_version_archive(struct db *db, const struct id *account,
    const char *pathway, int64_t number)
{
	int64_t found = 0;
	enum outcome rc = stmt_run(db, &archive,
	    VALUES(value_when(when_now()), value_id(account),
		value_text(pathway), value_integer(number)),
	    &found);

	return rc == OK && found == 0 ? NOT_FOUND : rc;
}
