/*
 * The parent blocks the signals that concern it and takes them one by one
 * with sigtimedwait(2), so that none is lost between looking and waiting;
 * it has no handlers.  The handler below is a child's.
 */
#include "base/base.h"

#include "base/proc.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/when.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LISTENER 0 /* the file descriptor */
#define TICK WHEN_SECOND
#define QUICK WHEN_SECOND /* a life that is shorter is a fall */
#define PAUSE_LEAST (WHEN_SECOND / 100)
#define PAUSE_MOST WHEN_SECOND

struct child {
	pid_t pid;
	unsigned generation; /* those of an older one are replaced */
	int64_t born;
	int64_t told; /* to end, first; 0: was not */
	int64_t reminded;
};

struct nursery {
	const struct pool *pool;
	struct child *list; /* the oldest first */
	size_t count, room;
	unsigned generation;
	int64_t fell;  /* when a child last died at once */
	int64_t pause; /* between two starts; 0: none */
	int64_t next;  /* no start before */
};

/* Written by the handler; in the parent, by proc_run. */
static volatile sig_atomic_t ending;

static const int parents_signals[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD };
static const int ending_signals[] = { SIGTERM, SIGINT, SIGHUP };

/* The socket */

/* Why `path` cannot be replaced, or NULL: it is a socket that nobody
 * listens on. */
static const char *
path_taken(const char *path, const struct sockaddr_un *address)
{
	struct stat status;
	const char *taken = NULL;
	int fd;

	if (lstat(path, &status) != 0)
		return strerror(errno);
	if (!S_ISSOCK(status.st_mode))
		return "is there already and is not a socket";
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return strerror(errno);
	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) ==
		0 ||
	    errno == EAGAIN) /* its backlog is full */
		taken = "is in use: somebody listens on it";
	else if (errno != ECONNREFUSED)
		taken = strerror(errno);
	(void)close(fd);
	return taken;
}

static enum outcome
refuse(struct buf *why, const char *path, const char *reason)
{
	buf_add_format(why, "%s: %s", path, reason);
	return INVALID;
}

/* Binds, if need be over a stale socket. */
static enum outcome
bind_path(int fd, const char *path, struct buf *why)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const struct sockaddr *generic = (const struct sockaddr *)&address;
	const char *taken;

	if (*path == '\0') /* would be Linux's abstract namespace */
		return refuse(why, "the socket", "has an empty path");
	if (strlen(path) >= sizeof(address.sun_path))
		return refuse(why, path, "is too long for a socket");
	memcpy(address.sun_path, path, strlen(path));
	if (bind(fd, generic, sizeof(address)) == 0)
		return OK;
	if (errno != EADDRINUSE)
		return refuse(why, path, strerror(errno));
	taken = path_taken(path, &address);
	if (taken != NULL)
		return refuse(why, path, taken);
	if (unlink(path) != 0 || bind(fd, generic, sizeof(address)) != 0)
		return refuse(why, path, strerror(errno));
	return OK;
}

enum outcome
proc_listen(const char *path, unsigned mode, int backlog, struct buf *why)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	enum outcome rc;

	if (fd < 0)
		return refuse(why, path, strerror(errno));
	rc = bind_path(fd, path, why);
	if (rc)
		goto out;
	/* The mode before the first connection can be made. */
	if (chmod(path, (mode_t)mode) != 0 || listen(fd, backlog) != 0 ||
	    dup2(fd, LISTENER) != LISTENER)
		rc = refuse(why, path, strerror(errno));
out:
	if (fd != LISTENER)
		(void)close(fd);
	return rc;
}

enum outcome
proc_inherit(int backlog, struct buf *why)
{
	int listens = 0;
	socklen_t size = sizeof(listens);

	if (getsockopt(LISTENER, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) !=
		0 ||
	    !listens) {
		buf_add_text(why,
		    "standard input is not a listening socket, as a FastCGI "
		    "process manager or systemd would provide it");
		return INVALID;
	}
	if (listen(LISTENER, backlog) != 0)
		return refuse(why, "standard input", strerror(errno));
	return OK;
}

/* Rights */

/* Is this process that user in every way, with no way back? */
static bool
is_only(const struct passwd *user)
{
	uid_t users[3];
	gid_t groups[3];
	size_t i;

	if (getresuid(&users[0], &users[1], &users[2]) != 0 ||
	    getresgid(&groups[0], &groups[1], &groups[2]) != 0)
		return false;
	for (i = 0; i < COUNT(users); i++)
		if (users[i] != user->pw_uid || groups[i] != user->pw_gid)
			return false;
	return setuid(0) != 0;
}

/* From root to this user, for good. */
static enum outcome
become(const struct passwd *user, struct buf *why)
{
	if (initgroups(user->pw_name, user->pw_gid) != 0 ||
	    setresgid(user->pw_gid, user->pw_gid, user->pw_gid) != 0 ||
	    setresuid(user->pw_uid, user->pw_uid, user->pw_uid) != 0)
		return refuse(why, user->pw_name, strerror(errno));
	if (!is_only(user))
		return refuse(
		    why, user->pw_name, "root's rights could not be given up");
	return OK;
}

enum outcome
proc_drop(const char *user, struct buf *why)
{
	const struct passwd *entry;
	enum outcome rc;
	int signal_number = 0;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return refuse(why, "no_new_privs", strerror(errno));
	if (geteuid() != 0 || user == NULL)
		return OK;
	entry = getpwnam(user);
	if (entry == NULL)
		return refuse(why, user, "there is no such user");
	if (entry->pw_uid == 0)
		return refuse(why, user, "is root itself");
	/* A change of user forgets the wish to end with the parent. */
	(void)prctl(PR_GET_PDEATHSIG, &signal_number, 0, 0, 0);
	rc = become(entry, why);
	(void)prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0);
	return rc;
}

/* The pool */

static void nursery_tend(struct nursery *nursery);
static void nursery_wait(struct nursery *nursery, const sigset_t *signals);
static void nursery_reap(struct nursery *nursery);

/* Blocks what the parent waits for.  The dispositions are set too: with an
 * inherited SIG_IGN for SIGCHLD there would be nothing to wait for. */
static void
block(sigset_t *signals)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	size_t i;

	(void)sigemptyset(signals);
	for (i = 0; i < COUNT(parents_signals); i++)
		(void)sigaddset(signals, parents_signals[i]);
	(void)sigprocmask(SIG_BLOCK, signals, NULL);
	for (i = 0; i < COUNT(parents_signals); i++)
		(void)sigaction(parents_signals[i], &action, NULL);
}

int
proc_run(const struct pool *pool)
{
	struct nursery nursery = { .pool = pool };
	sigset_t signals;

	if (pool->count(pool->context) <= 0)
		return pool->child(pool->context);
	block(&signals);
	while (!ending || nursery.count > 0) {
		nursery_tend(&nursery);
		nursery_wait(&nursery, &signals);
		nursery_reap(&nursery);
	}
	free(nursery.list);
	log_info("ends");
	return 0;
}

/* In the new process: a child's life.  The signals are let through last,
 * when what they meet is the default and no longer the parent's. */
static NORETURN void
live(const struct pool *pool, pid_t parent)
{
	sigset_t none;

	if (prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) != 0)
		log_fault("prctl: %s", strerror(errno));
	if (getppid() != parent) /* it died before it was asked for */
		_exit(0);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	exit(pool->child(pool->context));
}

/* A child died at once, or could not be made: the next starts come one by
 * one, and the pause doubles each time that a later attempt falls too. */
static void
nursery_stumble(struct nursery *nursery, int64_t born)
{
	if (nursery->pause == 0)
		nursery->pause = PAUSE_LEAST;
	else if (born > nursery->fell && nursery->pause < PAUSE_MOST / 2)
		nursery->pause *= 2;
	else if (born > nursery->fell)
		nursery->pause = PAUSE_MOST;
	nursery->fell = when_elapsed();
	nursery->next = nursery->fell + nursery->pause;
}

static void
nursery_reserve(struct nursery *nursery)
{
	size_t room = nursery->room > 0 ? 2 * nursery->room : 16;
	struct child *list;

	if (nursery->count < nursery->room)
		return;
	list = realloc(nursery->list, room * sizeof(*list));
	if (list == NULL) {
		log_fault("out of memory");
		abort(); /* the children are told by the kernel */
	}
	nursery->list = list;
	nursery->room = room;
}

static void
nursery_start(struct nursery *nursery)
{
	struct child child = { .generation = nursery->generation,
		.born = when_elapsed() };
	pid_t parent = getpid();

	nursery_reserve(nursery);
	(void)fflush(NULL); /* or both would write what is buffered */
	child.pid = fork();
	if (child.pid == 0)
		live(nursery->pool, parent);
	if (child.pid < 0) {
		log_fault("fork: %s", strerror(errno));
		nursery_stumble(nursery, child.born);
		return;
	}
	nursery->list[nursery->count++] = child;
	nursery->next = child.born + nursery->pause;
}

/* Tells a child to end; again each second, and kills it in the end. */
static void
tell(struct child *child, int64_t now)
{
	bool patient =
	    child->told == 0 || now - child->told < PROC_PATIENCE * WHEN_SECOND;

	if (child->told != 0 && now - child->reminded < TICK)
		return;
	if (child->told == 0)
		child->told = now;
	child->reminded = now;
	if (!patient)
		log_warning("child %d does not end and is killed", child->pid);
	/* It was not waited for yet, so the number is still its own. */
	(void)kill(child->pid, patient ? SIGTERM : SIGKILL);
}

static bool
is_serving(const struct nursery *nursery, const struct child *child)
{
	return child->told == 0 && child->generation == nursery->generation;
}

static size_t
nursery_serving(const struct nursery *nursery)
{
	size_t i, serving = 0;

	for (i = 0; i < nursery->count; i++)
		serving += is_serving(nursery, &nursery->list[i]);
	return serving;
}

/* How many there should be.  A pool cannot turn into a lone process. */
static size_t
nursery_wanted(const struct nursery *nursery)
{
	int64_t wanted;

	if (ending)
		return 0;
	wanted = nursery->pool->count(nursery->pool->context);
	return wanted > 1 ? (size_t)wanted : 1;
}

/* Starts whom it needs; only when all are there tells those of an older
 * generation, so that somebody serves at every moment. */
static void
nursery_tend(struct nursery *nursery)
{
	size_t i, serving, wanted = nursery_wanted(nursery);
	struct child *child;

	if (when_elapsed() - nursery->fell > PAUSE_MOST + QUICK)
		nursery->pause = 0;
	for (serving = nursery_serving(nursery);
	     serving < wanted && when_elapsed() >= nursery->next;
	     serving = nursery_serving(nursery))
		nursery_start(nursery);
	for (i = 0; i < nursery->count; i++) {
		child = &nursery->list[i];
		if (is_serving(nursery, child)) {
			if (serving <= wanted)
				continue;
			serving--;
		} else if (child->told == 0 && serving < wanted) {
			continue;
		}
		tell(child, when_elapsed());
	}
}

static void
nursery_reload(struct nursery *nursery)
{
	const struct pool *pool = nursery->pool;

	if (pool->reload(pool->context)) {
		log_warning("not reloaded: all stays as it was");
		return;
	}
	log_info("reloaded");
	nursery->generation++;
	nursery->pause = 0; /* what made them fall may be mended */
	nursery->next = 0;
}

/* Sleeps until something happens, or a start or a reminder is due. */
static void
nursery_wait(struct nursery *nursery, const sigset_t *signals)
{
	int64_t until = nursery->next - when_elapsed();
	struct timespec timeout;
	int signal_number;

	if (until <= 0 || until > TICK)
		until = TICK;
	timeout.tv_sec = (time_t)(until / WHEN_SECOND);
	timeout.tv_nsec = (long)(until % WHEN_SECOND * 1000);
	signal_number = sigtimedwait(signals, NULL, &timeout);
	if (signal_number == SIGTERM || signal_number == SIGINT)
		ending = 1;
	else if (signal_number == SIGHUP && !ending)
		nursery_reload(nursery);
}

/* Logs how a child ended.  SIGTERM is no fault: somebody wanted it, before
 * the child was ready to end by itself. */
static void
report(const struct child *child, int status)
{
	int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	if (number != 0 && number != SIGTERM && child->told == 0)
		log_fault("child %d was ended by signal %d (%s)", child->pid,
		    number, strsignal(number));
	else if (number != 0 && number != SIGTERM)
		log_warning(
		    "child %d, told to end, was ended by signal %d (%s)",
		    child->pid, number, strsignal(number));
	else if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		log_warning("child %d ended with status %d", child->pid,
		    WEXITSTATUS(status));
}

static void
nursery_bury(struct nursery *nursery, size_t i, int status)
{
	struct child child = nursery->list[i];
	bool well = WIFEXITED(status) && WEXITSTATUS(status) == 0;

	report(&child, status);
	nursery->count--;
	memmove(&nursery->list[i], &nursery->list[i + 1],
	    (nursery->count - i) * sizeof(child));
	if (!well && child.told == 0 && when_elapsed() - child.born < QUICK)
		nursery_stumble(nursery, child.born);
}

static void
nursery_reap(struct nursery *nursery)
{
	int status;
	pid_t pid;
	size_t i;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (i = 0; i < nursery->count; i++)
			if (nursery->list[i].pid == pid) {
				nursery_bury(nursery, i, status);
				break;
			}
}

/* A child */

static void
on_signal(int signal_number)
{
	(void)signal_number;
	ending = 1;
}

void
proc_catch(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	size_t i;

	for (i = 0; i < COUNT(ending_signals); i++)
		(void)sigaction(ending_signals[i], &action, NULL);
	(void)sigaction(SIGPIPE, &ignore, NULL);
}

void
proc_hold(sigset_t *let_through)
{
	sigset_t held;
	size_t i;

	(void)sigemptyset(&held);
	for (i = 0; i < COUNT(ending_signals); i++)
		(void)sigaddset(&held, ending_signals[i]);
	(void)sigprocmask(SIG_BLOCK, &held, let_through);
}

bool
proc_ending(void)
{
	return ending != 0;
}

void *
proc_share(size_t size)
{
	void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED) {
		log_fault("mmap of %zu bytes: %s", size, strerror(errno));
		exit(EXIT_FAILURE);
	}
	return shared;
}
