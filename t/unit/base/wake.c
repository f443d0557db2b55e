/*
 * Nudges: whoever waits hears them at once, and nobody minds a lost one.
 */
#include "base/base.h"

#include "base/wake.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/when.h"

#include "tap.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONG (60 * WHEN_SECOND)
#define SHORT (20 * WHEN_SECOND / 1000)
#define CEILING 1024

/* Did something end the wait before its time? */
static bool
wakes(int first, int second, int64_t patience)
{
	int64_t start = when_elapsed();

	wake_wait(first, second, patience);
	return when_elapsed() - start < patience;
}

static enum outcome
listens(
    struct arena *arena, const char *path, int *descriptor, const char **said)
{
	struct buf why;
	enum outcome rc;

	buf_init(&why, arena, CEILING);
	rc = wake_listen(path, descriptor, &why);
	*said = buf_text(&why);
	return rc;
}

static void
test_nudges(const char *path, int descriptor)
{
	int i;

	ok(!wakes(descriptor, -1, SHORT), "without a nudge the time passes");
	wake_send(path);
	ok(wakes(descriptor, -1, LONG), "a nudge ends the wait");
	ok(!wakes(descriptor, -1, SHORT), "and ends it once");
	for (i = 0; i < 10000; i++)
		wake_send(path);
	ok(wakes(-1, descriptor, LONG), "more than the queue holds do as well");
	ok(!wakes(-1, descriptor, SHORT), "and are taken all at once");
	wake_send(path);
	ok(!wakes(-1, -1, SHORT), "who does not ask does not hear");
	ok(wakes(descriptor, -1, LONG), "but the nudge is kept");
}

static void
test_second(int descriptor)
{
	int event = eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC);

	ok(wakes(descriptor, event, LONG), "the other descriptor ends it, too");
	ok(!wakes(descriptor, event, SHORT), "and is emptied");
	(void)close(event);
}

static void
test_places(struct arena *arena, const char *directory, const char *path)
{
	int descriptor = -2;
	const char *said;

	is_int(listens(arena, path, &descriptor, &said), INVALID,
	    "two do not listen at one place");
	ok(strstr(said, path) != NULL, "and the second is told where");
	is_int(listens(arena, arena_format(arena, "%s/no/wake", directory),
		   &descriptor, &said),
	    INVALID, "there has to be a directory");
	is_int(listens(arena, arena_format(arena, "%s/%0*d", directory, 120, 0),
		   &descriptor, &said),
	    INVALID, "a path has its limit");
	ok(strstr(said, "too long") != NULL, "which is said");
	is_int(descriptor, -2, "what fails leaves the descriptor alone");
	wake_send(arena_format(arena, "%s/%0*d", directory, 120, 0));
	wake_send(arena_format(arena, "%s/nobody", directory));
	wake_send(NULL);
	ok(true, "where nobody listens a nudge does no harm");
}

static void
test_awaiting(void)
{
	struct id mine = id_new(), other = id_new();
	int told = wake_await(&mine);

	ok(told >= 0, "a request listens under the id of its work");
	is_int(wake_await(&mine), -1, "one at a time");
	wake_tell(&other);
	ok(!wakes(told, -1, SHORT), "other work is nothing to it");
	wake_tell(&mine);
	ok(wakes(told, -1, LONG), "its own ends the wait");
	(void)close(told);
	wake_tell(&mine);
	told = wake_await(&mine);
	ok(told >= 0, "when it is closed another may listen");
	(void)close(told);
}

int
main(void)
{
	struct arena *arena = arena_new();
	char directory[] = "/tmp/parley-XXXXXX";
	const char *path, *said;
	struct stat status;
	int descriptor;

	if (mkdtemp(directory) == NULL)
		abort();
	path = arena_format(arena, "%s/wake", directory);
	is_int(listens(arena, path, &descriptor, &said), OK, "one listens");
	ok(stat(path, &status) == 0 && (status.st_mode & 0777) == 0666,
	    "and everybody may nudge it");
	test_nudges(path, descriptor);
	test_second(descriptor);
	test_places(arena, directory, path);
	test_awaiting();
	(void)close(descriptor);
	is_int(listens(arena, path, &descriptor, &said), OK,
	    "what a worker that died has left is replaced");
	wake_send(path);
	ok(wakes(descriptor, -1, LONG), "and hears");
	(void)close(descriptor);
	(void)unlink(path);
	(void)rmdir(directory);
	arena_free(arena);
	return done();
}
