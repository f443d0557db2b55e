/*
 * The floor under the benchmark: the statements of create, numbers and get,
 * in the same transactions, from as many connections, without HTTP.  What
 * parley-api answers in a second is compared with what this does.
 *
 *	floor OPERATION CONNECTIONS SECONDS KEY IDS
 *
 * The configuration is read as parley-api reads it.  IDS is a file with a
 * conversation's id on each line, for get.  Prints one line: operations a
 * second, the median and the 99th percentile of their times in microseconds,
 * and how many failed.  The load is the one of load.lua.
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
#include "model/channel.h"
#include "model/key.h"
#include "model/message.h"
#include "store/conversation.h"
#include "store/key.h"
#include "store/message.h"
#include "store/number.h"
#include "store/thread.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define USERS 1000000
#define AGENT "+15550001111"
#define TEXT "The technician comes between two and four this afternoon."

#define CONNECTIONS_MOST 1000
#define IDS_MOST 100000
#define START WHEN_SECOND /* until all are connected */
#define STEP 10           /* microseconds in a count of times */
#define STEPS 20000
#define WHY_MOST 8192

/* What one connection did; shared with the parent. */
struct tally {
	int64_t done, failed;
	int64_t times[STEPS];
};

struct load {
	struct arena *arena; /* of the operation at hand */
	struct db *db;
	struct id key_id;
	struct key key;
	int64_t turn;
	const char *user;
	const struct id *ids;
	size_t ids_count;
};

typedef enum outcome operation(struct load *load);

static operation create, numbers, get;

static const struct {
	const char *name;
	operation *run;
} operations[] = {
	{ "create", create },
	{ "numbers", numbers },
	{ "get", get },
};

static enum outcome
create_within(struct db *db, void *context)
{
	struct load *load = context;
	struct message message = {
		.sender = load->turn % 2 == 0 ? SENDER_AGENT : SENDER_USER,
		.text = TEXT,
	};
	struct pair pair = { CHANNEL_SMS, load->user, AGENT };
	const struct id *account = &load->key.account_id;
	struct silence number;
	struct thread thread;
	enum outcome rc;

	rc = number_silence_find(
	    db, load->arena, account, pair.agent, pair.channel, &number);
	if (rc == OK)
		rc = thread_open(
		    db, load->arena, account, &pair, false, &thread);
	if (rc == OK)
		rc = thread_append(db, load->arena, &thread, &number, &message);
	return rc;
}

static enum outcome
create(struct load *load)
{
	struct tx tx = { create_within, tx_repeat, load };

	load->turn++;
	load->user =
	    arena_format(load->arena, "+1556%07u", arc4random_uniform(USERS));
	return tx_run(load->db, &tx);
}

static enum outcome
numbers(struct load *load)
{
	struct rows rows;

	return number_entries(
	    load->db, load->arena, &load->key.account_id, CHANNEL_SMS, &rows);
}

static enum outcome
get(struct load *load)
{
	const struct id *id =
	    &load->ids[arc4random_uniform((uint32_t)load->ids_count)];
	struct conversation conversation;
	struct rows rows;
	enum outcome rc = conversation_find(
	    load->db, load->arena, &load->key.account_id, id, &conversation);

	if (rc == OK)
		rc = message_list(load->db, load->arena, &load->key.account_id,
		    id, &conversation.pair, &rows);
	return rc;
}

/* One operation, with the look at the key that every request begins with. */
static enum outcome
perform(struct load *load, operation *run)
{
	enum outcome rc;

	load->arena = arena_new();
	rc = key_find(load->db, load->arena, &load->key_id, &load->key);
	if (rc == OK)
		rc = run(load);
	arena_free(load->arena);
	return rc;
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

/* A connection's life: two operations to make ready, then the count. */
static void
connection(struct load *load, operation *run, int64_t begin, int64_t end,
    struct tally *tally)
{
	int64_t before, now, step;

	if (perform(load, run) != OK || perform(load, run) != OK)
		tally->failed++;
	pause_until(begin);
	for (before = when_elapsed(); before < end; before = now) {
		if (perform(load, run) != OK)
			tally->failed++;
		now = when_elapsed();
		tally->done++;
		step = (now - before) / STEP;
		tally->times[step < STEPS ? step : STEPS - 1]++;
	}
}

static void
run_all(const struct config *config, struct load *load, operation *run,
    int64_t count, int64_t seconds, struct tally *tallies)
{
	int64_t begin = when_elapsed() + START, i;
	int64_t end = begin + seconds * WHEN_SECOND;
	struct arena *arena;
	pid_t child;

	for (i = 0; i < count; i++) {
		child = fork();
		if (child > 0)
			continue;
		if (child < 0)
			exit(EXIT_FAILURE);
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
		arena = arena_new();
		load->db = db_new(arena, config);
		load->turn = i;
		connection(load, run, begin, end, &tallies[i]);
		arena_free(arena);
		_exit(EXIT_SUCCESS);
	}
	while (wait(NULL) > 0)
		continue;
}

/* The time within which `share` of a hundred operations ended. */
static int64_t
percentile(const struct tally *total, int64_t share)
{
	int64_t seen = 0, i;

	for (i = 0; i < STEPS - 1; i++) {
		seen += total->times[i];
		if (seen * 100 >= total->done * share)
			break;
	}
	return (i + 1) * STEP;
}

static int
report(const struct tally *tallies, int64_t count, int64_t seconds)
{
	struct tally *total = proc_share(sizeof(*total));
	int64_t i, step;

	for (i = 0; i < count; i++) {
		total->done += tallies[i].done;
		total->failed += tallies[i].failed;
		for (step = 0; step < STEPS; step++)
			total->times[step] += tallies[i].times[step];
	}
	return printf("%lld %lld %lld %lld\n",
		   (long long)(total->done / seconds),
		   (long long)percentile(total, 50),
		   (long long)percentile(total, 99),
		   (long long)total->failed) < 0;
}

static bool
read_ids(struct arena *arena, const char *path, struct load *load)
{
	struct id *ids = arena_alloc(arena, IDS_MOST * sizeof(*ids));
	char line[64];
	FILE *file = fopen(path, "r");

	if (file == NULL)
		return false;
	while (load->ids_count < IDS_MOST &&
	       fgets(line, sizeof(line), file) != NULL)
		if (id_parse(text_trim(arena, line), &ids[load->ids_count]) ==
		    OK)
			load->ids_count++;
	load->ids = ids;
	(void)fclose(file);
	return true;
}

static operation *
find_operation(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(operations); i++)
		if (text_equal(operations[i].name, name))
			return operations[i].run;
	return NULL;
}

int
main(int argc, char **argv)
{
	struct arena *arena = arena_new();
	unsigned char digest[SECRET_DIGEST];
	struct load load = { 0 };
	struct config config;
	struct tally *tallies;
	operation *run = argc == 6 ? find_operation(argv[1]) : NULL;
	int64_t count, seconds;
	struct buf why;

	log_open("floor");
	buf_init(&why, arena, WHY_MOST);
	if (run == NULL || text_to_integer(argv[2], &count) != OK ||
	    text_to_integer(argv[3], &seconds) != OK || count < 1 ||
	    count > CONNECTIONS_MOST || seconds < 1 ||
	    key_parse(argv[4], &load.key_id, digest) != OK ||
	    !read_ids(arena, argv[5], &load)) {
		(void)fputs("usage: floor create|numbers|get CONNECTIONS"
			    " SECONDS KEY IDS\n",
		    stderr);
		return 2;
	}
	if (config_load(arena, NULL, &config, &why) != OK) {
		(void)fprintf(stderr, "floor: %s\n", buf_text(&why));
		return 1;
	}
	tallies = proc_share((size_t)count * sizeof(*tallies));
	run_all(&config, &load, run, count, seconds, tallies);
	return report(tallies, count, seconds);
}
