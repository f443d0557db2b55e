/*
 * Sockets that are made and inherited, rights that are given up, and pools
 * that are run, told, reloaded and orphaned.
 *
 * A pool is a process of its own here; its children enter their numbers in
 * memory that all share.  What is waited for has a deadline.
 */
#include "base/base.h"

#include "base/proc.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/when.h"

#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEADLINE (20 * WHEN_SECOND)
#define BIRTHS_MAX 512

/* What the tests and the pools share. */
struct shared {
	volatile int count;   /* of children, wanted */
	volatile int reloads; /* asked for */
	volatile bool refuse; /* reloads */
	volatile int told;    /* how often the deaf child was */
	volatile int born;    /* children, ever */
	volatile pid_t births[BIRTHS_MAX];
	volatile int64_t moments[BIRTHS_MAX];
};

static struct shared *shared;

static int64_t
count(void *context)
{
	(void)context;
	return shared->count;
}

static enum outcome
reload(void *context)
{
	bool refuse = shared->refuse; /* before anybody can see that we came */

	(void)context;
	shared->reloads++;
	return refuse ? FAULT : OK;
}

static void
hear(int signal_number)
{
	(void)signal_number;
	shared->told++;
}

/* Enters this child. */
static void
enter(void)
{
	int i = __atomic_load_n(&shared->born, __ATOMIC_SEQ_CST);

	while (!__atomic_compare_exchange_n(&shared->born, &i, i + 1, false,
	    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		;
	if (i < BIRTHS_MAX) {
		shared->moments[i] = when_elapsed();
		shared->births[i] = getpid();
	}
}

/* Lives until it is told to end.  It looks now and then, for a signal that
 * came just before poll(2) and from us and not from the parent. */
static int
child_patient(void *context)
{
	(void)context;
	proc_catch();
	enter();
	while (!proc_ending())
		(void)poll(NULL, 0, 100);
	return 0;
}

/* Ends when it was told twice. */
static int
child_deaf(void *context)
{
	const struct sigaction action = { .sa_handler = hear };

	(void)context;
	(void)sigaction(SIGTERM, &action, NULL);
	enter();
	while (shared->told < 2)
		(void)poll(NULL, 0, -1);
	return 0;
}

/* Dies at once. */
static int
child_failing(void *context)
{
	(void)context;
	enter();
	return 1;
}

/* Answers each connection with one letter. */
static int
child_serving(void *context)
{
	int fd;

	(void)context;
	proc_catch();
	enter();
	while (!proc_ending()) {
		fd = accept(0, NULL, NULL);
		if (fd >= 0) {
			(void)!write(fd, "x", 1);
			(void)close(fd);
		}
	}
	return 0;
}

/* Runs a pool in a process of its own. */
static pid_t
pool_start(int (*child)(void *context), int children)
{
	struct pool pool = { count, child, reload, NULL };
	pid_t pid;

	memset(shared, 0, sizeof(*shared));
	shared->count = children;
	(void)fflush(NULL);
	pid = fork();
	if (pid == 0)
		exit(proc_run(&pool));
	return pid;
}

/* A nap between two looks. */
static void
nap(void)
{
	(void)poll(NULL, 0, 2);
}

static bool
born(int wanted)
{
	return shared->born >= wanted && shared->births[wanted - 1] != 0;
}

/* A process that was left by its parent is ours: see main. */
static bool
gone(int pid)
{
	(void)waitpid(pid, NULL, WNOHANG);
	return kill(pid, 0) != 0 && errno == ESRCH;
}

static bool
reloaded(int times)
{
	return shared->reloads >= times;
}

/* Are so many children alive? */
static bool
living(int wanted)
{
	int i, alive = 0;

	for (i = 0; i < shared->born; i++)
		alive += kill(shared->births[i], 0) == 0;
	return alive == wanted;
}

static bool
eventually(bool (*holds)(int number), int number)
{
	int64_t start = when_elapsed();

	while (!holds(number)) {
		if (when_elapsed() - start > DEADLINE)
			return false;
		nap();
	}
	return true;
}

/* Sends a signal, 0 for none, until the pool is gone; its exit status, 128
 * and more for a signal, or -1. */
static int
pool_end_by(pid_t pool, int signal_number)
{
	int64_t start = when_elapsed();
	int status;

	while (waitpid(pool, &status, WNOHANG) == 0) {
		if (when_elapsed() - start > DEADLINE) {
			(void)kill(pool, SIGKILL);
			(void)waitpid(pool, &status, 0);
			return -1;
		}
		(void)kill(pool, signal_number);
		nap();
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int
pool_end(pid_t pool)
{
	return pool_end_by(pool, 0);
}

static bool
all_gone(void)
{
	int i;

	for (i = 0; i < shared->born; i++)
		if (!eventually(gone, shared->births[i]))
			return false;
	return true;
}

static void
test_pool(void)
{
	pid_t pool = pool_start(child_patient, 3);

	ok(eventually(born, 3), "the pool starts its children");
	(void)kill(shared->births[1], SIGKILL);
	ok(eventually(born, 4), "a killed child has a successor");
	ok(eventually(gone, shared->births[1]), "a killed child is waited for");
	ok(kill(shared->births[0], 0) == 0 && kill(shared->births[2], 0) == 0,
	    "its siblings live on");
	(void)kill(shared->births[0], SIGTERM);
	ok(eventually(born, 5), "a child that ended well has a successor");
	shared->count = 4;
	ok(eventually(born, 6), "a pool grows when more are wanted");
	(void)kill(pool, SIGTERM);
	is_int(pool_end(pool), 0, "SIGTERM ends the pool in order");
	ok(all_gone(), "no child outlives the pool");
	is_int(shared->born, 6, "nobody is born after the end was told");
}

static void
test_shrink(void)
{
	pid_t pool = pool_start(child_patient, 3);

	ok(eventually(born, 3), "there are three");
	shared->count = 1;
	ok(eventually(living, 1), "a pool shrinks when fewer are wanted");
	(void)kill(pool, SIGINT);
	is_int(pool_end(pool), 0, "SIGINT ends the pool in order");
}

static void
test_reload(void)
{
	pid_t pool = pool_start(child_patient, 2);

	ok(eventually(born, 2), "there are two");
	shared->refuse = true;
	(void)kill(pool, SIGHUP);
	ok(eventually(reloaded, 1), "SIGHUP asks for a reload");
	shared->refuse = false;
	shared->count = 3;
	ok(eventually(born, 3), "a pool lives on when reload fails");
	ok(kill(shared->births[0], 0) == 0 && kill(shared->births[1], 0) == 0,
	    "its old children stay");
	(void)kill(pool, SIGHUP);
	ok(eventually(born, 6), "a reloaded pool has as many new children");
	ok(eventually(gone, shared->births[0]) &&
		eventually(gone, shared->births[1]) &&
		eventually(gone, shared->births[2]),
	    "the old children end");
	is_int(shared->born, 6, "nobody else was born");
	ok(kill(shared->births[3], 0) == 0 && kill(shared->births[5], 0) == 0,
	    "the new children live");
	is_int(shared->reloads, 2, "each SIGHUP asks once");
	(void)kill(pool, SIGTERM);
	is_int(pool_end(pool), 0, "a reloaded pool ends in order");
}

static void
test_deaf(void)
{
	pid_t pool = pool_start(child_deaf, 1);

	ok(eventually(born, 1), "there is one");
	(void)kill(pool, SIGTERM);
	is_int(pool_end(pool), 0, "a child that did not hear is told again");
	ok(shared->told >= 2, "it was told twice");
}

static void
test_fall(void)
{
	pid_t pool = pool_start(child_failing, 1);
	int64_t first, last;

	ok(eventually(born, 6), "a child that dies at once has successors");
	first = shared->moments[1] - shared->moments[0];
	last = shared->moments[5] - shared->moments[4];
	ok(first >= WHEN_SECOND / 100, "the first pause is 10 ms");
	ok(last >= 16 * WHEN_SECOND / 100, "the fifth is 160 ms");
	(void)kill(pool, SIGTERM);
	is_int(pool_end(pool), 0, "a falling pool ends in order");
}

static void
test_orphans(void)
{
	pid_t pool = pool_start(child_patient, 2);

	ok(eventually(born, 2), "there are two");
	(void)kill(pool, SIGKILL);
	is_int(pool_end(pool), 128 + SIGKILL, "the parent is killed");
	ok(all_gone(), "its children end too");
}

static void
test_alone(void)
{
	pid_t pool = pool_start(child_patient, 0);

	ok(eventually(born, 1), "a pool of none is its own child");
	is_int(shared->births[0], pool, "it has no parent");
	is_int(pool_end_by(pool, SIGTERM), 0, "it ends when told");
}

/* Connects; the file descriptor, or -1. */
static int
reach(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(address.sun_path, path, strlen(path));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

static void
test_listen(struct arena *arena, const char *path)
{
	struct stat status;
	struct buf why;
	int fd;

	buf_init(&why, arena, 1000);
	is_int(proc_listen(path, 0620, 5, &why), OK, "a socket is made");
	ok(stat(path, &status) == 0 && S_ISSOCK(status.st_mode),
	    "it stands where it was wanted");
	is_int(status.st_mode & 0777, 0620, "it has the mode that was wanted");
	fd = reach(path);
	ok(fd >= 0, "it listens");
	(void)close(fd);
	is_int(proc_inherit(7, &why), OK, "it is standard input");
	is_int(proc_listen(path, 0600, 5, &why), INVALID,
	    "a socket in use is not replaced");
	is_text(buf_text(&why),
	    arena_format(arena, "%s: is in use: somebody listens on it", path),
	    "that is said");
	fd = open("/dev/null", O_RDONLY);
	(void)dup2(fd, 0);
	(void)close(fd);
	ok(reach(path) < 0, "it is stale when nobody has it any more");
	is_int(
	    proc_listen(path, 0600, 5, &why), OK, "a stale socket is replaced");
	fd = reach(path);
	ok(fd >= 0, "the new one listens");
	(void)close(fd);
}

static void
test_listen_wrong(struct arena *arena, const char *path)
{
	char *long_path = arena_alloc(arena, 200);
	struct buf why;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

	(void)close(fd);
	buf_init(&why, arena, 1000);
	is_int(proc_listen(path, 0600, 5, &why), INVALID,
	    "another kind of file is not replaced");
	is_text(buf_text(&why),
	    arena_format(
		arena, "%s: is there already and is not a socket", path),
	    "that is said too");
	ok(access(path, F_OK) == 0, "the file is still there");
	memset(long_path, 'x', 199);
	is_int(
	    proc_listen(long_path, 0600, 5, &why), INVALID, "a path must fit");
	is_int(proc_listen("", 0600, 5, &why), INVALID,
	    "a path must not be empty");
	is_int(proc_listen("/nowhere/s", 0600, 5, &why), INVALID,
	    "a directory must be there");
	fd = open("/dev/null", O_RDONLY);
	(void)dup2(fd, 0);
	(void)close(fd);
	is_int(proc_inherit(5, &why), INVALID,
	    "what is not a listening socket is not inherited");
}

static void
test_serve(struct arena *arena, const char *path)
{
	struct buf why;
	char letter = ' ';
	pid_t pool;
	int fd;

	buf_init(&why, arena, 1000);
	is_int(proc_listen(path, 0600, 5, &why), OK, "there is a socket");
	pool = pool_start(child_serving, 2);
	fd = reach(path);
	ok(fd >= 0 && read(fd, &letter, 1) == 1 && letter == 'x',
	    "a child answers");
	(void)close(fd);
	ok(eventually(born, 2), "there are two");
	(void)kill(pool, SIGTERM);
	is_int(pool_end(pool), 0, "SIGTERM interrupts who waits in accept");
	ok(all_gone(), "all of them");
}

/* In a process of its own, since there is no way back; its exit status is
 * the number of the first thing that does not hold. */
static int
drop(struct arena *arena, const char *user)
{
	struct buf why;
	pid_t pid;
	int status;

	buf_init(&why, arena, 1000);
	(void)fflush(NULL);
	pid = fork();
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
		if (proc_drop(user, &why))
			_exit(why.length > 0 ? 1 : 2);
		if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
			_exit(3);
		if (prctl(PR_GET_PDEATHSIG, &status, 0, 0, 0) != 0 ||
		    status != SIGTERM)
			_exit(4);
		if (user != NULL && (setuid(0) == 0 || geteuid() == 0))
			_exit(5);
		_exit(0);
	}
	(void)waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void
test_drop(struct arena *arena)
{
	bool root = geteuid() == 0;

	is_int(drop(arena, NULL), 0, "new rights are given up without a user");
	if (root) {
		is_int(drop(arena, "nobody"), 0, "root becomes nobody");
		is_int(drop(arena, "nobody-here"), 1,
		    "a user must be there to be become");
		is_int(drop(arena, "root"), 1, "root is not given up for root");
	} else {
		is_int(drop(arena, "nobody-here"), 0,
		    "who is not root stays who it is");
	}
}

static void
test_held(void)
{
	sigset_t let_through;
	bool is_held;
	pid_t pid;
	int status;

	memset(shared, 0, sizeof(*shared));
	(void)fflush(NULL);
	pid = fork();
	if (pid == 0) {
		proc_catch();
		proc_hold(&let_through);
		(void)raise(SIGTERM);
		is_held = !proc_ending();
		(void)sigsuspend(&let_through);
		(void)raise(SIGPIPE);
		_exit(is_held && proc_ending() ? 0 : 1);
	}
	(void)waitpid(pid, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 0,
	    "a signal that is let through sets the flag, and SIGPIPE is"
	    " ignored");
	ok(!proc_ending(), "the others are not told");
}

int
main(void)
{
	struct arena *arena = arena_new();
	char directory[] = "/tmp/parley-proc-XXXXXX";
	const char *path;

	log_open("proc-test");
	/* Orphans come to us, so that gone() need not trust another init. */
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	shared = proc_share(sizeof(*shared));
	if (mkdtemp(directory) == NULL)
		return 1;
	is_int(shared->born, 0, "shared memory is zeros");
	test_pool();
	test_shrink();
	test_reload();
	test_deaf();
	test_fall();
	test_orphans();
	test_alone();
	path = arena_format(arena, "%s/socket", directory);
	test_listen(arena, path);
	test_serve(arena, arena_format(arena, "%s/serve", directory));
	(void)unlink(arena_format(arena, "%s/serve", directory));
	(void)unlink(path);
	test_listen_wrong(arena, path);
	(void)unlink(path);
	(void)rmdir(directory);
	test_drop(arena);
	test_held();
	arena_free(arena);
	return done();
}
