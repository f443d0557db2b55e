/*
 * Parsed pathways: read once, read again when they were written, and held by
 * whoever uses them.
 */
#include "base/base.h"

#include "base/arena.h"
#include "db/db.h"
#include "model/pathway.h"
#include "store/pathway.h"
#include "store/pathway_cache.h"
#include "store/pathway_version.h"

#include "database.h"
#include "tap.h"

#include <pthread.h>

#define THREADS 4
#define LOADS 50

#define DOCUMENT(id)                                                           \
	"{\"nodes\":[{\"id\":\"" id "\",\"type\":\"Default\",\"data\":{"       \
	"\"isStart\":true,\"prompt\":\"p\"}}],\"edges\":[]}"

static struct pathway_version
put(struct database *d, const struct pathway_head *head, int64_t number,
    const char *document)
{
	struct pathway_version version = { .number = number,
		.name = number > 0 ? "v" : NULL,
		.document = document };

	must(pathway_version_write(
	    d->db, d->arena, &d->account, head->id, &version));
	return version;
}

static struct pathway_head
make(struct database *d, const char *document)
{
	struct pathway_head head = { .name = "x" };

	must(pathway_insert(d->db, d->arena, &d->account, &head));
	(void)put(d, &head, PATHWAY_DRAFT, document);
	return head;
}

static const char *
start_of(struct database *d, struct arena *arena, const char *id)
{
	const struct pathway *pathway;

	must(pathway_load(d->db, arena, &d->account, id, 0, &pathway));
	return pathway->start != NULL ? pathway->start->id : NULL;
}

static void
test_once(struct database *d)
{
	struct pathway_head head = make(d, DOCUMENT("a"));
	const struct pathway *pathway;
	struct arena *turn = arena_new();
	const char *old;
	size_t parsed = pathway_cache_parsed();

	is_text(start_of(d, d->arena, head.id), "a", "one is loaded");
	is_text(start_of(d, d->arena, head.id), "a", "and again");
	is_int(
	    (int64_t)(pathway_cache_parsed() - parsed), 1, "but parsed once");
	old = start_of(d, turn, head.id);
	(void)put(d, &head, PATHWAY_DRAFT, DOCUMENT("b"));
	is_text(start_of(d, d->arena, head.id), "b",
	    "what was written since is read again");
	is_int((int64_t)pathway_cache_count(), 1,
	    "and the old one is kept no longer");
	is_text(old, "a", "but by whoever holds it");
	arena_free(turn);
	is_outcome(
	    pathway_load(d->db, d->arena, &d->stranger, head.id, 0, &pathway),
	    NOT_FOUND, "another account does not have it");
	is_outcome(
	    pathway_load(d->db, d->arena, &d->account, head.id, 7, &pathway),
	    NOT_FOUND, "nor is there a version that is not");
	must(pathway_delete(d->db, &d->account, head.id));
	is_outcome(
	    pathway_load(d->db, d->arena, &d->account, head.id, 0, &pathway),
	    NOT_FOUND, "one that was deleted is not loaded");
	head = make(d, "{\"nodes\":1}");
	is_outcome(
	    pathway_load(d->db, d->arena, &d->account, head.id, 0, &pathway),
	    INVALID, "nor one that is none");
}

static void
test_archived(struct database *d)
{
	struct pathway_head head = make(d, DOCUMENT("a"));
	struct pathway_version version = { .document = DOCUMENT("v") };
	const struct pathway *pathway;

	must(pathway_version_insert(
	    d->db, d->arena, &d->account, &head, &version));
	must(pathway_version_archive(d->db, &d->account, head.id, 1));
	must(pathway_load(d->db, d->arena, &d->account, head.id, 1, &pathway));
	is_text(pathway->start->id, "v",
	    "one that is archived is there for who is in it");
}

static void
test_bounds(struct database *d)
{
	struct arena *turn = arena_new();
	struct pathway_head head, first = make(d, DOCUMENT("first"));
	const char *held = start_of(d, turn, first.id);
	size_t i, parsed;

	for (i = 0; i < PATHWAY_CACHE_VERSIONS; i++) {
		head = make(d, DOCUMENT("n"));
		(void)start_of(d, d->arena, head.id);
	}
	is_int((int64_t)pathway_cache_count(), PATHWAY_CACHE_VERSIONS,
	    "so many are kept and no more");
	is_text(held, "first", "one that is put out stays for its holder");
	parsed = pathway_cache_parsed();
	(void)start_of(d, d->arena, head.id);
	is_int((int64_t)(pathway_cache_parsed() - parsed), 0,
	    "the last one is kept");
	(void)start_of(d, d->arena, first.id);
	is_int((int64_t)(pathway_cache_parsed() - parsed), 1,
	    "the one that was not used for longest is not");
	arena_free(turn);
	pathway_cache_clear();
	is_int((int64_t)pathway_cache_count(), 0, "all can be put out");
}

struct loader {
	struct database *d;
	const char *id;
	bool good;
};

/* With a connection of its own. */
static void *
load_often(void *context)
{
	struct loader *loader = context;
	struct arena *own = arena_new(), *turn = arena_new();
	struct db *db = db_new(own, &loader->d->config);
	const struct pathway *pathway;
	int i;

	loader->good = true;
	for (i = 0; i < LOADS; i++) {
		loader->good &= pathway_load(db, turn, &loader->d->account,
				    loader->id, 0, &pathway) == OK &&
				pathway->start != NULL;
		arena_clear(turn);
		if (i % 10 == 9)
			pathway_cache_clear();
	}
	arena_free(turn);
	arena_free(own);
	return NULL;
}

static void
test_threads(struct database *d)
{
	struct pathway_head head = make(d, DOCUMENT("a"));
	struct loader loaders[THREADS];
	pthread_t threads[THREADS];
	bool good = true;
	size_t i;

	for (i = 0; i < THREADS; i++) {
		loaders[i] = (struct loader){ d, head.id, false };
		good &= pthread_create(
			    &threads[i], NULL, load_often, &loaders[i]) == 0;
	}
	for (i = 0; i < THREADS; i++) {
		good &= pthread_join(threads[i], NULL) == 0;
		good &= loaders[i].good;
	}
	ok(good, "many threads load and put out at once");
	pathway_cache_clear();
}

int
main(void)
{
	struct database d;

	database_open(&d);
	test_once(&d);
	test_archived(&d);
	test_bounds(&d);
	test_threads(&d);
	database_close(&d);
	return done();
}
