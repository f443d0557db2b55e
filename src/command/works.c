#include "base/base.h"

#include "command/works.h"

#include "base/arena.h"
#include "base/wake.h"
#include "base/when.h"
#include "command/run.h"
#include "command/table.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "store/work_admin.h"

#include <stdio.h>

#define LIST_MOST 1000 /* of each state */

static const char *const headings[] = { "ID", "STATE", "DUE", "KIND",
	"ATTEMPTS", "ACCOUNT", "REASON" };
static const char *const detail_headings[] = { "FIELD", "VALUE" };
static const char *const attempt_headings[] = { "ATTEMPT", "ENDED", "OUTCOME",
	"REASON" };

/* What is listed, in this order. */
static const enum work_state listed[] = { WORK_DEAD, WORK_RUNNING,
	WORK_WAITING };

struct change {
	struct run *run;
	struct id id;
};

static enum outcome
read_filters(struct run *run, struct work_query *query, int *state)
{
	const char *word = run_value(run, "state");
	int ignored;

	query->kind = run_value(run, "kind");
	if (query->kind != NULL &&
	    names_find(&work_kind_names, query->kind, &ignored) != OK)
		return run_tell("%s is no kind of work; there are %s",
		    query->kind, names_list(run->arena, &work_kind_names));
	if (word != NULL && (names_find(&work_state_names, word, state) != OK ||
				*state == WORK_DONE))
		return run_tell("%s is not listed; what is waiting, running or"
				" dead is",
		    word);
	if (run_value(run, "account") == NULL)
		return OK;
	return run_account(run, &query->account_id);
}

static void
add_entry(struct table *table, const struct work_entry *entry)
{
	const struct work *work = &entry->work;

	table_add(table, id_text(table->arena, &work->id));
	table_add(table, names_text(&work_state_names, work->state));
	table_add_when(table, work->due);
	table_add(table, names_text(&work_kind_names, work->kind));
	table_add(table,
	    arena_format(table->arena, "%lld", (long long)work->attempt));
	table_add(table, entry->account);
	table_add(table, entry->reason);
}

/* Adds those of one state, and notes whether there are more. */
static enum outcome
add_state(struct run *run, const struct work_query *query, struct table *table,
    bool *more)
{
	const struct work_entry *entries;
	struct rows rows;
	size_t i;
	enum outcome rc = work_admin_list(run->db, run->arena, query, &rows);

	if (rc != OK)
		return run_failed(run, rc);
	entries = rows.list;
	*more |= rows.count > LIST_MOST;
	for (i = 0; i < rows.count && i < LIST_MOST; i++)
		add_entry(table, &entries[i]);
	return OK;
}

enum outcome
works_list(struct run *run)
{
	struct work_query query = { .limit = LIST_MOST + 1 };
	struct table table;
	int state = WORK_STATE_N;
	bool more = false;
	size_t i;
	enum outcome rc = run_open(run);

	if (rc == OK)
		rc = read_filters(run, &query, &state);
	table_init(&table, run->arena, headings, COUNT(headings),
	    COUNT(listed) * LIST_MOST);
	for (i = 0; i < COUNT(listed) && rc == OK; i++) {
		query.state = (int)listed[i];
		if (state == WORK_STATE_N || state == query.state)
			rc = add_state(run, &query, &table, &more);
	}
	if (rc != OK)
		return rc;
	table_print(&table);
	if (more)
		(void)run_tell("there are more; the first %d of each state are"
			       " shown",
		    LIST_MOST);
	return OK;
}

static enum outcome
read_id(struct run *run, struct id *id)
{
	if (id_parse(run->operands[0], id) != OK)
		return run_tell("this is not the id of a piece of work; see"
				" `parley work list`");
	return run_open(run);
}

static enum outcome
tell_missing(void)
{
	return run_tell("there is no such work; see `parley work list`");
}

static void
add_detail(struct table *table, const char *name, const char *value)
{
	table_add(table, name);
	table_add(table, value);
}

static void
print_entry(struct run *run, const struct work_entry *entry)
{
	const struct work *work = &entry->work;
	struct arena *arena = run->arena;
	struct table table;

	table_init(&table, arena, detail_headings, COUNT(detail_headings), 13);
	add_detail(&table, "id", id_text(arena, &work->id));
	add_detail(&table, "kind", names_text(&work_kind_names, work->kind));
	add_detail(&table, "state", names_text(&work_state_names, work->state));
	add_detail(&table, "account", entry->account);
	add_detail(&table, "conversation", id_text(arena, &work->subject_id));
	add_detail(&table, "due", when_text(arena, work->due));
	add_detail(&table, "attempts",
	    arena_format(arena, "%lld", (long long)work->attempt));
	add_detail(&table, "worker", entry->worker);
	add_detail(&table, "reason", entry->reason);
	add_detail(&table, "payload", work->payload);
	add_detail(&table, "result", work->result);
	add_detail(&table, "created", when_text(arena, work->created_at));
	add_detail(&table, "updated", when_text(arena, work->updated_at));
	table_print(&table);
}

static void
print_attempts(struct run *run, const struct rows *rows)
{
	const struct work_attempt *attempts = rows->list;
	struct table table;
	size_t i;

	if (rows->count == 0)
		return;
	table_init(&table, run->arena, attempt_headings,
	    COUNT(attempt_headings), rows->count);
	for (i = 0; i < rows->count; i++) {
		table_add(&table, arena_format(run->arena, "%lld",
				      (long long)attempts[i].attempt));
		table_add_when(&table, attempts[i].finished_at);
		table_add(&table, attempts[i].outcome);
		table_add(&table, attempts[i].reason);
	}
	(void)printf("\n");
	table_print(&table);
}

enum outcome
works_show(struct run *run)
{
	struct id id;
	struct work_entry entry;
	struct rows attempts;
	enum outcome rc = read_id(run, &id);

	if (rc != OK)
		return rc;
	rc = work_admin_find(run->db, run->arena, &id, &entry);
	if (rc == NOT_FOUND)
		return tell_missing();
	if (rc == OK)
		rc = work_admin_attempts(
		    run->db, run->arena, &entry.work, &attempts);
	if (rc != OK)
		return run_failed(run, rc);
	print_entry(run, &entry);
	print_attempts(run, &attempts);
	return OK;
}

static enum outcome
change_work(struct run *run, struct tx tx, const char *why)
{
	struct change change = { .run = run };
	enum outcome rc = read_id(run, &change.id);

	if (rc != OK)
		return rc;
	tx.context = &change;
	rc = run_commit(run, &tx);
	if (rc == NOT_FOUND)
		return tell_missing();
	if (rc == CONFLICT)
		return run_tell("%s", why);
	if (rc == OK)
		wake_send(run->config.worker_wake);
	return rc;
}

static enum outcome
retry(struct db *db, void *context)
{
	const struct change *change = context;

	return work_admin_retry(
	    db, change->run->arena, &(const struct id){ 0 }, &change->id);
}

/* It has moved on from where it was given up. */
static enum outcome
is_retried(struct db *db, void *context)
{
	const struct change *change = context;
	struct work_entry entry;
	enum outcome rc =
	    work_admin_find(db, change->run->arena, &change->id, &entry);

	return rc == OK && entry.work.state == WORK_DEAD ? NOT_FOUND : rc;
}

enum outcome
works_retry(struct run *run)
{
	return change_work(run, (struct tx){ retry, is_retried, NULL },
	    "it is not dead; only what was given up can be tried again");
}

static enum outcome
drop(struct db *db, void *context)
{
	const struct change *change = context;

	return work_admin_drop(
	    db, change->run->arena, &(const struct id){ 0 }, &change->id);
}

static enum outcome
is_dropped(struct db *db, void *context)
{
	const struct change *change = context;
	struct work_entry ignored;
	enum outcome rc =
	    work_admin_find(db, change->run->arena, &change->id, &ignored);

	if (rc == NOT_FOUND)
		return OK;
	return rc == OK ? NOT_FOUND : rc;
}

enum outcome
works_drop(struct run *run)
{
	return change_work(run, (struct tx){ drop, is_dropped, NULL },
	    "it runs or is done; only what waits or is dead can be dropped");
}
