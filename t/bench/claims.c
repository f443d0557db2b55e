/*
 * How fast due work is claimed: processes that claim as parley-worker does
 * (what is due is looked for, and up to 32 pieces of it are claimed by one
 * guarded update), beside producers that each insert one
 * due piece after another, a transaction each.  Nothing is performed.
 *
 *	claims CLAIMERS PRODUCERS SECONDS
 *
 * The configuration is read as parley-worker reads it.  Prints one line:
 * how many pieces were claimed in all, how many a second, how many were
 * found taken, how many transactions failed, and how many pieces were
 * inserted a second.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/text.h"
#include "base/when.h"
#include "db/db.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "store/work.h"
#include "store/work_queue.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LEASE (3600 * WHEN_SECOND)
#define ACCOUNTS 16
#define PROCESSES_MOST 100
#define START WHEN_SECOND /* until all are connected */
#define WHY_MOST 8192

/* What one process did; shared with the parent. */
struct tally {
	int64_t claimed, taken, failed, inserted;
};

struct load {
	const char *name; /* of the process */
	struct db *db;
	struct tally *tally;
	int64_t begin, end;
};

typedef void task(struct load *load);

static void
claim_some(struct load *load)
{
	static const struct id nobody[WORK_EXCLUDED];
	struct arena *arena = arena_new();
	struct rows due, wanted, claimed = { 0 };
	int64_t now = when_now();
	size_t first;
	enum outcome rc;

	rc = work_due(
	    load->db, arena, now, nobody, WORK_SPREAD * WORK_CLAIMED, &due);
	if (rc == OK && due.count > 0) {
		first = work_first(due.count, WORK_CLAIMED);
		wanted.list = (struct work *)due.list + first;
		wanted.count = due.count - first < WORK_CLAIMED
				   ? due.count - first
				   : WORK_CLAIMED;
		rc = work_claim(load->db, arena, load->name, now, now + LEASE,
		    &wanted, &claimed);
		load->tally->taken += (int64_t)(wanted.count - claimed.count);
	}
	if (rc == OK)
		load->tally->claimed += (int64_t)claimed.count;
	else
		load->tally->failed++;
	arena_free(arena);
}

static enum outcome
insert_within(struct db *db, void *context)
{
	return work_insert(db, context);
}

static void
insert_one(struct load *load)
{
	struct work work = {
		.id = id_new(),
		.subject_id = id_new(),
		.kind = WORK_SILENCE,
		.state = WORK_WAITING,
		.due = when_now(),
		.payload = "{\"seq\":1,\"stage\":\"timeout\"}",
	};
	struct tx tx = { insert_within, tx_repeat, &work };

	(void)memset(&work.account_id, 1 + (int)arc4random_uniform(ACCOUNTS),
	    sizeof(work.account_id));
	if (tx_run(load->db, &tx) == OK)
		load->tally->inserted++;
	else
		load->tally->failed++;
}

static void
pause_until(int64_t moment)
{
	int64_t left = moment - when_elapsed();
	struct timespec pause = { 0 };

	if (left <= 0)
		return;
	pause.tv_sec = left / WHEN_SECOND;
	pause.tv_nsec = left % WHEN_SECOND * 1000;
	(void)nanosleep(&pause, NULL);
}

static void
start(const struct config *config, struct load *load, task *run)
{
	struct arena *arena;
	pid_t child = fork();

	if (child > 0)
		return;
	if (child < 0)
		exit(EXIT_FAILURE);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	arena = arena_new();
	load->name = arena_format(arena, "claims:%ld", (long)getpid());
	load->db = db_new(arena, config);
	if (db_connect(load->db) != OK)
		load->tally->failed++;
	pause_until(load->begin);
	while (when_elapsed() < load->end)
		run(load);
	arena_free(arena);
	_exit(EXIT_SUCCESS);
}

static int
report(const struct tally *tallies, int64_t count, int64_t seconds)
{
	struct tally total = { 0 };
	int64_t i;

	for (i = 0; i < count; i++) {
		total.claimed += tallies[i].claimed;
		total.taken += tallies[i].taken;
		total.failed += tallies[i].failed;
		total.inserted += tallies[i].inserted;
	}
	return printf("%lld %lld %lld %lld %lld\n", (long long)total.claimed,
		   (long long)(total.claimed / seconds), (long long)total.taken,
		   (long long)total.failed,
		   (long long)(total.inserted / seconds)) < 0;
}

static bool
read_count(const char *text, int64_t most, int64_t *count)
{
	return text_to_integer(text, count) == OK && *count >= 0 &&
	       *count <= most;
}

int
main(int argc, char **argv)
{
	struct arena *arena = arena_new();
	struct config config;
	struct tally *tallies;
	struct load load;
	int64_t claimers, producers, seconds, i;
	struct buf why;

	log_open("claims");
	buf_init(&why, arena, WHY_MOST);
	if (argc != 4 || !read_count(argv[1], PROCESSES_MOST, &claimers) ||
	    !read_count(argv[2], PROCESSES_MOST, &producers) ||
	    !read_count(argv[3], 3600, &seconds) || seconds == 0) {
		(void)fputs(
		    "usage: claims CLAIMERS PRODUCERS SECONDS\n", stderr);
		return 2;
	}
	if (config_load(arena, NULL, &config, &why) != OK) {
		(void)fprintf(stderr, "claims: %s\n", buf_text(&why));
		return 1;
	}
	tallies = proc_share((size_t)(2 * PROCESSES_MOST) * sizeof(*tallies));
	load.begin = when_elapsed() + START;
	load.end = load.begin + seconds * WHEN_SECOND;
	for (i = 0; i < claimers + producers; i++) {
		load.tally = &tallies[i];
		start(&config, &load, i < claimers ? claim_some : insert_one);
	}
	while (wait(NULL) > 0)
		continue;
	return report(tallies, claimers + producers, seconds);
}
