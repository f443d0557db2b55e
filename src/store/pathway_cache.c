#include "base/base.h"

#include "store/pathway_cache.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/text.h"
#include "db/stmt.h"
#include "model/pathway.h"

#include <json-c/json.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/* One version, in an arena of its own. */
struct entry {
	struct arena *arena;
	struct id account;
	const char *id;
	int64_t number, revision;
	size_t size; /* of its document */
	struct pathway *pathway;
	atomic_int holds;   /* who has it, the cache included */
	atomic_ullong used; /* the tick of its last use */
};

/* Readers look and hold under the read lock; the list changes under the
 * write lock. */
static struct {
	pthread_rwlock_t lock;
	struct entry *entries[PATHWAY_CACHE_VERSIONS];
	size_t count, size;
	atomic_ullong tick;
	atomic_size_t parsed;
} cache = { .lock = PTHREAD_RWLOCK_INITIALIZER };

/* What is asked for. */
struct wanted {
	const struct id *account;
	const char *id;
	int64_t number, revision;
};

struct row {
	int64_t revision;
	const char *document;
};

static const struct column revision_columns[] = {
	COLUMN(INTEGER, struct row, revision),
};

static const struct column document_columns[] = {
	COLUMN(INTEGER, struct row, revision),
	COLUMN(TEXT, struct row, document),
};

#define OF_VERSION                                                             \
	" FROM pathway_version"                                                \
	" WHERE account_id = ? AND pathway_id = ? AND number = ?"

static const struct stmt find_revision = {
	.sql = "SELECT revision_number" OF_VERSION,
	ROWS(revision_columns, struct row),
};

static const struct stmt find_document = {
	.sql = "SELECT revision_number, document" OF_VERSION,
	ROWS(document_columns, struct row),
};

static void
release(void *thing)
{
	struct entry *entry = thing;

	if (atomic_fetch_sub(&entry->holds, 1) == 1)
		arena_free(entry->arena);
}

/* For as long as the arena lives. */
static const struct pathway *
hold(struct arena *arena, struct entry *entry)
{
	atomic_fetch_add(&entry->holds, 1);
	atomic_store(&entry->used, atomic_fetch_add(&cache.tick, 1) + 1);
	arena_defer(arena, release, entry);
	return entry->pathway;
}

static bool
is_version(const struct entry *entry, const struct wanted *wanted)
{
	return entry->number == wanted->number &&
	       id_equal(&entry->account, wanted->account) &&
	       text_equal(entry->id, wanted->id);
}

/* Of this revision; NULL: it is not kept. */
static struct entry *
find(const struct wanted *wanted)
{
	size_t i;

	for (i = 0; i < cache.count; i++)
		if (cache.entries[i]->revision == wanted->revision &&
		    is_version(cache.entries[i], wanted))
			return cache.entries[i];
	return NULL;
}

static bool
find_held(struct arena *arena, const struct wanted *wanted,
    const struct pathway **pathway)
{
	struct entry *entry;

	(void)pthread_rwlock_rdlock(&cache.lock);
	entry = find(wanted);
	if (entry != NULL)
		*pathway = hold(arena, entry);
	(void)pthread_rwlock_unlock(&cache.lock);
	return entry != NULL;
}

static void
put_out(size_t at)
{
	struct entry *entry = cache.entries[at];

	cache.entries[at] = cache.entries[--cache.count];
	cache.size -= entry->size;
	release(entry);
}

/* Other revisions of the same version are of no more use. */
static void
put_out_others(const struct wanted *wanted)
{
	size_t i = 0;

	while (i < cache.count) {
		if (is_version(cache.entries[i], wanted))
			put_out(i);
		else
			i++;
	}
}

static void
put_out_oldest(void)
{
	size_t i, oldest = 0;

	for (i = 1; i < cache.count; i++)
		if (atomic_load(&cache.entries[i]->used) <
		    atomic_load(&cache.entries[oldest]->used))
			oldest = i;
	put_out(oldest);
}

/* Another thread may have been faster: then that one's is taken. */
static const struct pathway *
keep(struct arena *arena, struct entry *entry, const struct wanted *wanted)
{
	const struct pathway *pathway;
	struct entry *other;

	(void)pthread_rwlock_wrlock(&cache.lock);
	other = find(wanted);
	if (other != NULL) {
		pathway = hold(arena, other);
		release(entry);
	} else {
		put_out_others(wanted);
		while (cache.count > 0 &&
		       (cache.count == PATHWAY_CACHE_VERSIONS ||
			   cache.size + entry->size > PATHWAY_CACHE_BYTES))
			put_out_oldest();
		cache.entries[cache.count++] = entry;
		cache.size += entry->size;
		pathway = hold(arena, entry);
	}
	(void)pthread_rwlock_unlock(&cache.lock);
	return pathway;
}

/* A new entry, held once. */
static enum outcome
parse(const struct wanted *wanted, const char *document, struct entry **made)
{
	struct arena *arena = arena_new();
	struct entry *entry = arena_alloc(arena, sizeof(*entry));
	struct json_object *tree;
	struct json_fault ignored;
	enum outcome rc;

	entry->arena = arena;
	entry->account = *wanted->account;
	entry->id = arena_text(arena, wanted->id);
	entry->number = wanted->number;
	entry->revision = wanted->revision;
	entry->size = strlen(document);
	atomic_init(&entry->holds, 1);
	atomic_init(&entry->used, 0);
	rc = json_parse(arena, document, entry->size, &tree, &ignored);
	if (rc == OK && !json_object_is_type(tree, json_type_object))
		rc = INVALID;
	if (rc == OK)
		rc = pathway_read(arena, tree, &entry->pathway);
	if (rc == OK) {
		atomic_fetch_add(&cache.parsed, 1);
		*made = entry;
	} else
		arena_free(arena);
	return rc;
}

enum outcome
pathway_load(struct db *db, struct arena *arena, const struct id *account,
    const char *id, int64_t number, const struct pathway **pathway)
{
	struct wanted wanted = { account, id, number, 0 };
	struct entry *entry;
	struct row row;
	enum outcome rc = stmt_one(db, arena, &find_revision,
	    VALUES(value_id(account), value_text(id), value_integer(number)),
	    &row);

	if (rc != OK)
		return rc;
	wanted.revision = row.revision;
	if (find_held(arena, &wanted, pathway))
		return OK;
	rc = stmt_one(db, arena, &find_document,
	    VALUES(value_id(account), value_text(id), value_integer(number)),
	    &row);
	if (rc != OK)
		return rc;
	wanted.revision = row.revision;
	rc = parse(&wanted, row.document, &entry);
	if (rc == OK)
		*pathway = keep(arena, entry, &wanted);
	return rc;
}

size_t
pathway_cache_count(void)
{
	size_t count;

	(void)pthread_rwlock_rdlock(&cache.lock);
	count = cache.count;
	(void)pthread_rwlock_unlock(&cache.lock);
	return count;
}

size_t
pathway_cache_parsed(void)
{
	return atomic_load(&cache.parsed);
}

void
pathway_cache_clear(void)
{
	(void)pthread_rwlock_wrlock(&cache.lock);
	while (cache.count > 0)
		put_out(cache.count - 1);
	(void)pthread_rwlock_unlock(&cache.lock);
}
