#include "base/base.h"

#include "store/turns.h"

#include "db/stmt.h"
#include "model/page.h"

struct total {
	int64_t count;
};

static const struct column total_columns[] = {
	COLUMN(INTEGER, struct total, count),
};

static const struct column columns[] = {
	COLUMN(ID, struct turn_record, account_id),
	COLUMN(ID, struct turn_record, conversation_id),
	COLUMN(ID, struct turn_record, id),
	COLUMN(ID, struct turn_record, work_id),
	COLUMN(TEXT, struct turn_record, event),
	COLUMN_OF(&turn_outcome_names, struct turn_record, outcome),
	COLUMN(TEXT, struct turn_record, reason),
	COLUMN(INTEGER, struct turn_record, user_seq),
	COLUMN(TEXT, struct turn_record, trace),
	COLUMN(WHEN, struct turn_record, started_at),
	COLUMN(WHEN, struct turn_record, ended_at),
};

#define NAMES_OF_TURN                                                          \
	"account_id, conversation_id, id, work_id, event, outcome, reason,"    \
	" user_seq, trace, started_at, ended_at"

static const struct stmt insert = {
	.sql = "INSERT INTO turn (" NAMES_OF_TURN ")"
	       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
};

static const struct stmt count = {
	.sql = "SELECT COUNT(*)"
	       " FROM turn"
	       " WHERE account_id = ? AND conversation_id = ?",
	ROWS(total_columns, struct total),
};

static const struct stmt find = {
	.sql = "SELECT " NAMES_OF_TURN " FROM turn"
	       " WHERE account_id = ? AND conversation_id = ? AND id = ?",
	ROWS(columns, struct turn_record),
};

static const struct stmt list = {
	.sql = "SELECT " NAMES_OF_TURN " FROM turn"
	       " WHERE account_id = ? AND conversation_id = ?"
	       " ORDER BY id DESC"
	       " LIMIT ? OFFSET ?",
	ROWS(columns, struct turn_record),
};

static const struct column size_columns[] = {
	COLUMN(INTEGER, struct turns_size, turns),
	COLUMN(INTEGER, struct turns_size, bytes),
};

static const struct stmt measure = {
	.sql = "SELECT COUNT(*), CAST(COALESCE(SUM(LENGTH(trace)), 0)"
	       " AS SIGNED)"
	       " FROM turn"
	       " WHERE account_id = ? AND conversation_id = ?"
	       " AND outcome = 'done'",
	ROWS(size_columns, struct turns_size),
};

static const struct stmt list_done = {
	.sql = "SELECT " NAMES_OF_TURN " FROM turn"
	       " WHERE account_id = ? AND conversation_id = ?"
	       " AND id > ? AND outcome = 'done'"
	       " ORDER BY id"
	       " LIMIT ?",
	ROWS(columns, struct turn_record),
};

static const struct stmt delete_all = {
	.sql = "DELETE FROM turn"
	       " WHERE account_id = ? AND conversation_id = ?",
};

enum outcome
turns_insert(struct db *db, const struct turn_record *record)
{
	return stmt_run(db, &insert,
	    VALUES(value_id(&record->account_id),
		value_id(&record->conversation_id), value_id(&record->id),
		value_id(&record->work_id), value_text(record->event),
		value_name(&turn_outcome_names, record->outcome),
		value_text(record->reason), value_integer(record->user_seq),
		value_text(record->trace), value_when(record->started_at),
		value_when(record->ended_at)),
	    NULL);
}

enum outcome
turns_find(struct db *db, struct arena *arena, const struct id *account,
    const struct id *conversation, const struct id *id,
    struct turn_record *record)
{
	return stmt_one(db, arena, &find,
	    VALUES(value_id(account), value_id(conversation), value_id(id)),
	    record);
}

enum outcome
turns_list(struct db *db, struct arena *arena, const struct id *account,
    const struct id *conversation, int64_t number, int64_t size,
    struct page *page)
{
	struct total total;
	struct rows rows;
	enum outcome rc = stmt_one(db, arena, &count,
	    VALUES(value_id(account), value_id(conversation)), &total);

	if (rc == OK)
		rc = stmt_all(db, arena, &list,
		    VALUES(value_id(account), value_id(conversation),
			value_integer(size),
			value_integer((number - 1) * size)),
		    &rows);
	if (rc != OK)
		return rc;
	page->list = (struct list){ rows.list, rows.count };
	page->pagination.items = total.count;
	page->pagination.page = number;
	page->pagination.size = size;
	page->pagination.pages = (total.count + size - 1) / size;
	return OK;
}

enum outcome
turns_measure(struct db *db, struct arena *arena, const struct id *account,
    const struct id *conversation, struct turns_size *size)
{
	return stmt_one(db, arena, &measure,
	    VALUES(value_id(account), value_id(conversation)), size);
}

enum outcome
turns_list_done(struct db *db, struct arena *arena, const struct id *account,
    const struct id *conversation, const struct id *after, int64_t most,
    struct rows *rows)
{
	static const struct id first = { { 0 } };

	if (after == NULL)
		after = &first;
	return stmt_all(db, arena, &list_done,
	    VALUES(value_id(account), value_id(conversation),
		value_bytes(after->bytes, ID_BYTES), value_integer(most)),
	    rows);
}

enum outcome
turns_delete_all(
    struct db *db, const struct id *account, const struct id *conversation)
{
	return stmt_run(db, &delete_all,
	    VALUES(value_id(account), value_id(conversation)), NULL);
}
