#include "base/base.h"

#include "store/tool.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/text.h"
#include "base/when.h"
#include "db/stmt.h"

#include <json-c/json.h>
#include <string.h>

#define REFERENCE_SHOWN 200 /* bytes of a definition that cannot be read */

static const struct column columns[] = {
	COLUMN(TEXT, struct tool, id),
	COLUMN(TEXT, struct tool, name),
	COLUMN(TEXT, struct tool, document),
	COLUMN(WHEN, struct tool, created_at),
};

#define SELECT_TOOL                                                            \
	"SELECT id, name, document, created_at"                                \
	" FROM tool"                                                           \
	" WHERE account_id = ?"

static const struct stmt find = {
	.sql = SELECT_TOOL " AND id = ?",
	ROWS(columns, struct tool),
};

static const struct stmt hold = {
	.sql = SELECT_TOOL " AND id = ?"
			   " FOR UPDATE",
	ROWS(columns, struct tool),
};

/* Of several with one name the newest. */
static const struct stmt find_name = {
	.sql = SELECT_TOOL " AND name = ?"
			   " ORDER BY created_at DESC, id DESC"
			   " LIMIT 1",
	ROWS(columns, struct tool),
};

static const struct stmt list = {
	.sql = SELECT_TOOL " ORDER BY created_at DESC, id DESC"
			   " LIMIT ? OFFSET ?",
	ROWS(columns, struct tool),
};

static const struct stmt insert = {
	.sql = "INSERT INTO tool (account_id, id, name, document, created_at)"
	       " VALUES (?, ?, ?, ?, ?)",
};

static const struct stmt update = {
	.sql = "UPDATE tool"
	       " SET name = ?, document = ?"
	       " WHERE account_id = ? AND id = ?",
};

static const struct stmt delete = {
	.sql = "DELETE FROM tool"
	       " WHERE account_id = ? AND id = ?",
};

enum outcome
tool_insert(struct db *db, struct arena *arena, const struct id *account,
    struct tool *tool)
{
	struct id id = id_new();

	tool->id = arena_format(arena, TOOL_PREFIX "%s", id_text(arena, &id));
	tool->created_at = when_now();
	return stmt_run(db, &insert,
	    VALUES(value_id(account), value_text(tool->id),
		value_text(tool->name), value_text(tool->document),
		value_when(tool->created_at)),
	    NULL);
}

/* A UUID alone stands for the id that begins with the prefix. */
static const char *
whole_id(struct arena *arena, const char *word)
{
	struct id id;

	if (id_parse(word, &id) != OK)
		return word;
	return arena_format(arena, TOOL_PREFIX "%s", id_text(arena, &id));
}

enum outcome
tool_find(struct db *db, struct arena *arena, const struct id *account,
    const char *id, struct tool *tool)
{
	return stmt_one(db, arena, &find,
	    VALUES(value_id(account), value_text(whole_id(arena, id))), tool);
}

enum outcome
tool_hold(struct db *db, struct arena *arena, const struct id *account,
    const char *id, struct tool *tool)
{
	return stmt_one(db, arena, &hold,
	    VALUES(value_id(account), value_text(whole_id(arena, id))), tool);
}

enum outcome
tool_update(struct db *db, const struct id *account, const struct tool *tool)
{
	return stmt_run(db, &update,
	    VALUES(value_text(tool->name), value_text(tool->document),
		value_id(account), value_text(tool->id)),
	    NULL);
}

enum outcome
tool_delete(struct db *db, struct arena *arena, const struct id *account,
    const char *id)
{
	int64_t found = 0;
	enum outcome rc = stmt_run(db, &delete,
	    VALUES(value_id(account), value_text(whole_id(arena, id))), &found);

	return rc == OK && found == 0 ? NOT_FOUND : rc;
}

enum outcome
tool_list(struct db *db, struct arena *arena, const struct id *account,
    int64_t limit, int64_t offset, struct rows *rows)
{
	return stmt_all(db, arena, &list,
	    VALUES(
		value_id(account), value_integer(limit), value_integer(offset)),
	    rows);
}

/* --- What a number refers to. */

struct resolving {
	struct db *db;
	struct arena *arena;
	const struct config *config;
	const struct id *account;
	struct tool *tools;
	struct tool_missing *missing;
	size_t count, missing_count;
};

static void
miss(struct resolving *resolving, const char *reference, const char *reason)
{
	resolving->missing[resolving->missing_count++] =
	    (struct tool_missing){ arena_text(resolving->arena, reference),
		    reason };
}

/* Takes a definition, or says why it is none. */
static void
take(struct resolving *resolving, struct json_object *document,
    const char *reference, struct tool *tool)
{
	struct arena *arena = resolving->arena;
	struct faults *faults = arena_alloc(arena, sizeof(*faults));
	struct reader reader = { .arena = arena,
		.faults = faults,
		.net_allow = resolving->config->net_allow };

	faults_init(faults, arena);
	if (tool_read(&reader, document, "", tool) == OK) {
		resolving->tools[resolving->count++] = *tool;
		return;
	}
	miss(resolving, reference,
	    arena_format(arena, "its definition cannot be used: %s",
		faults->count > 0 ? faults->list[0].message : "it is wrong"));
}

static enum outcome
take_row(struct resolving *resolving, const char *reference)
{
	struct arena *arena = resolving->arena;
	struct json_object *document;
	struct json_fault ignored;
	struct tool tool;
	enum outcome rc = tool_find(
	    resolving->db, arena, resolving->account, reference, &tool);

	if (rc == NOT_FOUND)
		rc = stmt_one(resolving->db, arena, &find_name,
		    VALUES(value_id(resolving->account), value_text(reference)),
		    &tool);
	if (rc == NOT_FOUND) {
		miss(resolving, reference,
		    "there is no such tool in this account");
		return OK;
	}
	if (rc != OK)
		return rc;
	if (json_parse(arena, tool.document, strlen(tool.document), &document,
		&ignored) == OK &&
	    json_object_is_type(document, json_type_object))
		take(resolving, document, reference, &tool);
	else
		miss(resolving, reference, "its definition is no JSON object");
	return OK;
}

static enum outcome
take_item(struct resolving *resolving, struct json_object *item)
{
	struct arena *arena = resolving->arena;
	struct tool tool = { .id = NULL };
	const char *text;

	if (json_object_is_type(item, json_type_string))
		return take_row(
		    resolving, arena_text(arena, json_object_get_string(item)));
	text = json_text(arena, item);
	if (strlen(text) > REFERENCE_SHOWN)
		text = "a definition in place";
	if (json_object_is_type(item, json_type_object)) {
		tool.document = json_text(arena, item);
		take(resolving, item, text, &tool);
	} else
		miss(resolving, text, "this refers to no tool");
	return OK;
}

enum outcome
tool_resolve(struct db *db, struct arena *arena, const struct config *config,
    const struct id *account, const char *references, struct list *tools,
    struct list *missing)
{
	struct resolving resolving = { db, arena, config, account, NULL, NULL,
		0, 0 };
	struct json_object *items = NULL;
	struct json_fault ignored;
	enum outcome rc = OK;
	size_t i, count = 0;

	if (references != NULL &&
	    json_parse(arena, references, strlen(references), &items,
		&ignored) == OK &&
	    json_object_is_type(items, json_type_array))
		count = json_object_array_length(items);
	if (count > TOOLS_RESOLVED_MOST)
		count = TOOLS_RESOLVED_MOST;
	resolving.tools =
	    arena_alloc(arena, (count + 1) * sizeof(*resolving.tools));
	resolving.missing =
	    arena_alloc(arena, (count + 1) * sizeof(*resolving.missing));
	for (i = 0; rc == OK && i < count; i++)
		rc = take_item(&resolving, json_object_array_get_idx(items, i));
	if (rc != OK)
		return rc;
	tool_name_all(arena, resolving.tools, resolving.count);
	*tools = (struct list){ resolving.tools, resolving.count };
	*missing = (struct list){ resolving.missing, resolving.missing_count };
	return OK;
}
