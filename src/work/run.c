/*
 * One thread looks for what is due and claims it; the others perform, one
 * piece each.  `perform_one` is the way of a piece.
 */
#include "base/base.h"

#include "work/run.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/secret.h"
#include "base/wake.h"
#include "base/when.h"
#include "db/pool.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "store/conversation.h"
#include "store/work_queue.h"
#include "work/kinds.h"
#include "work/sweep.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define POLL (WHEN_SECOND / 2)     /* what other hosts wrote is found */
#define STACK ((size_t)512 * 1024) /* of a thread: there may be thousands */
#define GRACE (10 * WHEN_SECOND)   /* to finish what is in hand at the end */
#define GATHER (WHEN_SECOND / 200) /* for a few hands, while more is due */
#define NAME_MOST 64

struct worker;

/* A thread and the piece that it has. */
struct hand {
	struct worker *worker;
	pthread_t thread;
	pthread_cond_t given; /* it was given a piece, or it is over */
	struct arena *arena;  /* NULL: it is free */
	struct work work;
};

/* How many hands an account has. */
struct holding {
	struct id account;
	size_t count;
};

struct holdings {
	struct holding *list;
	size_t count;
};

struct worker {
	const struct config *config;
	const unsigned char *secret_key;
	struct db_pool *pool;
	int wake;       /* others nudge us here */
	int freed;      /* an eventfd: a hand has become free */
	int64_t end_at; /* of when_elapsed; 0: never */
	char name[NAME_MOST];

	pthread_mutex_t lock;
	struct hand *hands;
	size_t count;
	bool over;
};

static void start_hands(struct worker *worker, struct arena *arena);
static size_t claim_some(struct worker *worker, size_t room);
static size_t count_free(struct worker *worker);
static size_t gather(struct worker *worker, size_t room);
static void rest(struct worker *worker, bool full);
static void end_hands(struct worker *worker);
static void hand_back_rest(struct worker *worker);
static bool has_piece(const struct hand *hand, struct work *work);
static void perform_one(struct worker *worker, struct hand *hand);

int
run_worker(const struct config *config, int wake, int64_t seconds)
{
	struct arena *arena = arena_new();
	struct worker worker = {
		.config = config,
		.secret_key = secret_configured(arena, config->secret_key_file),
		.pool = db_pool_new(
		    arena, config, (size_t)config->worker_connections),
		.wake = wake,
		.freed = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
		.count = (size_t)config->worker_threads,
	};
	int64_t swept = 0;
	size_t room, claimed = 0;

	proc_catch();
	if (seconds > 0)
		worker.end_at = when_elapsed() + seconds * WHEN_SECOND;
	start_hands(&worker, arena);
	while (!proc_ending() &&
	       (worker.end_at == 0 || when_elapsed() < worker.end_at)) {
		sweep(worker.pool, &swept);
		room = count_free(&worker);
		if (claimed > 0)
			room = gather(&worker, room);
		claimed = room > 0 ? claim_some(&worker, room) : 0;
		if (claimed == 0)
			rest(&worker, room == 0);
	}
	end_hands(&worker);
	arena_free(arena);
	return 0;
}

/* The hands. */

static bool
wait_for_piece(struct hand *hand)
{
	struct worker *worker = hand->worker;
	bool given;

	(void)pthread_mutex_lock(&worker->lock);
	while (hand->arena == NULL && !worker->over)
		(void)pthread_cond_wait(&hand->given, &worker->lock);
	given = hand->arena != NULL;
	(void)pthread_mutex_unlock(&worker->lock);
	return given;
}

static void
become_free(struct hand *hand)
{
	struct worker *worker = hand->worker;
	uint64_t one = 1;

	arena_free(hand->arena);
	(void)pthread_mutex_lock(&worker->lock);
	hand->arena = NULL;
	(void)pthread_mutex_unlock(&worker->lock);
	/* It cannot be full before 2^64 pieces. */
	if (write(worker->freed, &one, sizeof(one)) != sizeof(one))
		log_fault("an eventfd does not take a write");
}

static void *
hand_life(void *context)
{
	struct hand *hand = context;

	while (wait_for_piece(hand)) {
		perform_one(hand->worker, hand);
		become_free(hand);
	}
	return NULL;
}

/* Signals are for the thread that claims. */
static void
start_hands(struct worker *worker, struct arena *arena)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	char host[NAME_MOST / 2];
	size_t i;

	if (gethostname(host, sizeof(host)) != 0)
		host[0] = '\0';
	host[sizeof(host) - 1] = '\0';
	(void)snprintf(
	    worker->name, sizeof(worker->name), "%s:%ld", host, (long)getpid());
	(void)pthread_mutex_init(&worker->lock, NULL);
	worker->hands =
	    arena_alloc(arena, worker->count * sizeof(*worker->hands));
	(void)pthread_attr_init(&attributes);
	(void)pthread_attr_setstacksize(&attributes, STACK);
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_BLOCK, &all, &before);
	for (i = 0; i < worker->count; i++) {
		worker->hands[i].worker = worker;
		(void)pthread_cond_init(&worker->hands[i].given, NULL);
		if (pthread_create(&worker->hands[i].thread, &attributes,
			hand_life, &worker->hands[i]) != 0)
			abort();
	}
	(void)pthread_attr_destroy(&attributes);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* What is near its end finishes; the rest is handed back, and this process
 * ends while it is still under way.  The attempt counts: it may have had its
 * effect, and whoever takes it up next must see to that. */
static void
end_hands(struct worker *worker)
{
	int64_t last = when_elapsed() + GRACE;
	size_t i;

	(void)pthread_mutex_lock(&worker->lock);
	worker->over = true;
	for (i = 0; i < worker->count; i++)
		(void)pthread_cond_signal(&worker->hands[i].given);
	(void)pthread_mutex_unlock(&worker->lock);
	while (count_free(worker) < worker->count && when_elapsed() < last)
		wake_wait(-1, worker->freed, last - when_elapsed());
	if (count_free(worker) < worker->count) {
		hand_back_rest(worker);
		_exit(EXIT_SUCCESS);
	}
	for (i = 0; i < worker->count; i++)
		(void)pthread_join(worker->hands[i].thread, NULL);
	(void)close(worker->freed);
}

static void
hand_back_rest(struct worker *worker)
{
	struct db *db = db_pool_borrow(worker->pool);
	struct work work;
	size_t i;

	for (i = 0; i < worker->count; i++) {
		if (!has_piece(&worker->hands[i], &work))
			continue;
		if (work_again(db, &work, when_now(),
			"the worker was told to end") == OK)
			log_info("%s was handed back",
			    names_text(&work_kind_names, work.kind));
	}
	db_pool_return(worker->pool, db);
}

static bool
has_piece(const struct hand *hand, struct work *work)
{
	bool has;

	(void)pthread_mutex_lock(&hand->worker->lock);
	has = hand->arena != NULL;
	*work = hand->work;
	(void)pthread_mutex_unlock(&hand->worker->lock);
	return has;
}

static size_t
count_free(struct worker *worker)
{
	size_t i, count = 0;

	(void)pthread_mutex_lock(&worker->lock);
	for (i = 0; i < worker->count; i++)
		count += worker->hands[i].arena == NULL;
	(void)pthread_mutex_unlock(&worker->lock);
	return count;
}

/* Claiming. */

static size_t
share(const struct worker *worker)
{
	size_t some =
	    worker->count * (size_t)worker->config->worker_share / 100;

	return some > 0 ? some : 1;
}

/* One more for an account. */
static void
hold_one(struct holdings *holdings, const struct id *account)
{
	struct holding *list = holdings->list;
	size_t i;

	for (i = 0; i < holdings->count; i++)
		if (id_equal(&list[i].account, account))
			break;
	if (i == holdings->count)
		list[holdings->count++] = (struct holding){ *account, 0 };
	list[i].count++;
}

/* How many hands work for each account, with room for as many more.  Only
 * this thread gives pieces, so it can only become less. */
static struct holdings
count_held(struct worker *worker, struct arena *arena)
{
	struct holdings holdings = {
		arena_alloc(arena, 2 * worker->count * sizeof(struct holding)),
		0
	};
	size_t i;

	(void)pthread_mutex_lock(&worker->lock);
	for (i = 0; i < worker->count; i++)
		if (worker->hands[i].arena != NULL)
			hold_one(&holdings, &worker->hands[i].work.account_id);
	(void)pthread_mutex_unlock(&worker->lock);
	return holdings;
}

/* The accounts that hold their share of the hands.  Where there are more
 * than there are places, their work is found and left where it is. */
static void
find_sated(const struct worker *worker, const struct holdings *holdings,
    struct id sated[WORK_EXCLUDED])
{
	size_t i, count = 0;

	(void)memset(sated, 0, WORK_EXCLUDED * sizeof(*sated));
	for (i = 0; i < holdings->count && count < WORK_EXCLUDED; i++)
		if (holdings->list[i].count >= share(worker))
			sated[count++] = holdings->list[i].account;
}

static bool
has_room(const struct worker *worker, const struct holdings *holdings,
    const struct id *account)
{
	size_t i;

	for (i = 0; i < holdings->count; i++)
		if (id_equal(&holdings->list[i].account, account))
			return holdings->list[i].count < share(worker);
	return true;
}

/* At most `room` of what is due, none for an account that has its share. */
static struct rows
choose(const struct worker *worker, struct arena *arena,
    struct holdings *holdings, const struct rows *due, size_t room)
{
	const struct work *list = due->list;
	struct work *chosen = arena_alloc(arena, room * sizeof(*chosen));
	struct rows wanted = { chosen, 0 };
	size_t i = work_first(due->count, room);

	for (; i < due->count && wanted.count < room; i++)
		if (has_room(worker, holdings, &list[i].account_id)) {
			hold_one(holdings, &list[i].account_id);
			chosen[wanted.count++] = list[i];
		}
	return wanted;
}

static void
give(struct worker *worker, const struct work *work)
{
	struct hand *hand = worker->hands;
	struct arena *arena = arena_new();

	(void)pthread_mutex_lock(&worker->lock);
	while (hand->arena != NULL)
		hand++;
	hand->work = *work;
	hand->work.payload = arena_text(arena, work->payload);
	hand->work.merge_key = arena_text(arena, work->merge_key);
	hand->arena = arena;
	(void)pthread_cond_signal(&hand->given);
	(void)pthread_mutex_unlock(&worker->lock);
}

static size_t
claim_some(struct worker *worker, size_t room)
{
	struct arena *arena = arena_new();
	struct holdings holdings = count_held(worker, arena);
	struct id sated[WORK_EXCLUDED];
	struct rows due, wanted, claimed = { 0 };
	const struct work *list;
	struct db *db = db_pool_borrow(worker->pool);
	int64_t now = when_now();
	size_t i;
	enum outcome rc;

	if (room > WORK_CLAIMED)
		room = WORK_CLAIMED;
	find_sated(worker, &holdings, sated);
	rc = work_due(db, arena, now, sated, WORK_SPREAD * (int64_t)room, &due);
	if (rc == OK)
		wanted = choose(worker, arena, &holdings, &due, room);
	if (rc == OK && wanted.count > 0)
		rc = work_claim(db, arena, worker->name, now,
		    now + worker->config->worker_lease * WHEN_SECOND, &wanted,
		    &claimed);
	db_pool_return(worker->pool, db);
	list = claimed.list;
	for (i = 0; rc == OK && i < claimed.count; i++)
		give(worker, &list[i]);
	arena_free(arena);
	return rc == OK ? claimed.count : 0;
}

/* While there is more than the hands can do, a claim for each one that
 * becomes free costs more than it brings: some are waited for, a moment. */
static size_t
gather(struct worker *worker, size_t room)
{
	int64_t last = when_elapsed() + GATHER, now = last - GATHER;
	size_t enough = worker->count / 4;

	if (enough > WORK_CLAIMED)
		enough = WORK_CLAIMED;
	for (; room < enough && now < last; now = when_elapsed()) {
		wake_wait(-1, worker->freed, last - now);
		room = count_free(worker);
	}
	return room;
}

/* Until something may have changed: a nudge, a free hand, the next moment
 * that is due, or the poll. */
static void
rest(struct worker *worker, bool full)
{
	struct arena *arena = arena_new();
	struct holdings holdings = count_held(worker, arena);
	struct id sated[WORK_EXCLUDED];
	struct db *db;
	int64_t patience = POLL, due = 0;

	if (!full) {
		find_sated(worker, &holdings, sated);
		db = db_pool_borrow(worker->pool);
		if (work_next_due(db, arena, sated, &due) == OK && due != 0 &&
		    due - when_now() < patience)
			patience = due - when_now();
		db_pool_return(worker->pool, db);
	}
	/* What is due and was not claimed is others'. */
	if (patience < WHEN_SECOND / 100)
		patience = WHEN_SECOND / 100;
	wake_wait(full ? -1 : worker->wake, worker->freed, patience);
	arena_free(arena);
}

/* One piece. */

static const char *const too_often =
    "it was taken up too often without an end: see the worker's log";

/* Writes what became of the row itself. */
static enum outcome
settle(struct db *db, struct job *job, const struct kind *kind)
{
	int64_t next = job->due;
	enum outcome rc = OK;

	if (job->outcome == OK)
		return work_done(db, &job->work, job->result);
	if (job->put_off)
		return work_hand_back(db, &job->work, job->due);
	if (job->outcome == AGAIN && next == 0)
		next = kind_next_try(kind, job->work.attempt, when_now());
	if (job->outcome == AGAIN && next != 0)
		return work_again(db, &job->work, next, job->reason);
	if (kind->give_up != NULL)
		rc = kind->give_up(db, job);
	return rc == OK ? work_dead(db, &job->work, job->reason) : rc;
}

static enum outcome
hold(struct db *db, struct job *job)
{
	if (job->conversation == NULL)
		return work_hold(db, job->arena, &job->work);
	return conversation_lock_for(
	    db, job->arena, &job->work, job->conversation);
}

static enum outcome
record_within(struct db *db, void *context)
{
	struct job *job = context;
	enum outcome rc = hold(db, job);

	job->next = NULL;
	if (rc == OK && job->record != NULL)
		rc = job->record(db, job);
	if (rc == OK)
		rc = settle(db, job, &kinds[job->work.kind]);
	return rc;
}

/* Only this transaction can have written the piece that follows.  Without it,
 * or when somebody took that up by now, it was committed when the piece is no
 * longer ours; but then that may be another's record. */
static enum outcome
recorded(struct db *db, void *context)
{
	struct job *job = context;
	enum outcome rc = NOT_FOUND;

	if (job->next != NULL)
		rc = work_hold(db, job->arena, &job->next->work);
	if (rc != NOT_FOUND)
		return rc;
	job->next = NULL;
	rc = work_hold(db, job->arena, &job->work);
	if (rc == NOT_FOUND)
		return OK;
	return rc == OK ? NOT_FOUND : rc;
}

static enum outcome
perform(struct job *job, const struct kind *kind)
{
	if (kind->perform == NULL) {
		job->reason = "this program does not perform this kind";
		return FAULT;
	}
	if (!kind->endless && job->work.attempt > (int64_t)kind->tries + 10) {
		job->reason = too_often;
		return FAULT;
	}
	return kind->perform(job);
}

static void
perform_job(struct worker *worker, struct job *job)
{
	const struct tx tx = { record_within, recorded, job };
	enum outcome rc;

	log_about(id_text(job->arena, &job->work.id));
	job->since = when_elapsed();
	job->outcome = perform(job, &kinds[job->work.kind]);
	rc = db_pool_run(worker->pool, &tx);
	if (rc != OK)
		job->next = NULL;
	wake_tell(&job->work.id);
	log_info("%s account=%s attempt=%lld outcome=%s%s%s recorded=%s"
		 " late=%lldms time=%lldus",
	    names_text(&work_kind_names, job->work.kind),
	    id_text(job->arena, &job->work.account_id),
	    (long long)job->work.attempt, outcome_name(job->outcome),
	    job->reason != NULL ? " reason=" : "",
	    job->reason != NULL ? job->reason : "", outcome_name(rc),
	    (long long)((when_now() - job->work.due) / 1000),
	    (long long)(when_elapsed() - job->since));
	log_about(NULL);
}

static void
take_up(struct hand *hand, const struct work *work)
{
	(void)pthread_mutex_lock(&hand->worker->lock);
	hand->work = *work;
	(void)pthread_mutex_unlock(&hand->worker->lock);
}

static void
perform_one(struct worker *worker, struct hand *hand)
{
	struct job given = {
		.arena = hand->arena,
		.config = worker->config,
		.secret_key = worker->secret_key,
		.pool = worker->pool,
		.worker = worker->name,
		.work = hand->work,
	};
	struct job *job;

	for (job = &given; job != NULL; job = job->next) {
		take_up(hand, &job->work);
		perform_job(worker, job);
	}
}
