/*
 * Things on disk: whole, in order, given until they are done with.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/spool.h"
#include "base/when.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

#define PATIENCE (10 * WHEN_SECOND)

/* What was given, and what is made of it. */
struct clerk {
	struct buf seen; /* all of it */
	enum outcome rc;
	size_t given, most; /* then it is AGAIN */
};

static char directory[] = "/tmp/parley-spool-XXXXXX";

static enum outcome
take(void *context, struct arena *arena, char *bytes, size_t length)
{
	struct clerk *clerk = context;

	(void)arena;
	if (clerk->given == clerk->most)
		return AGAIN;
	clerk->given++;
	buf_add(&clerk->seen, bytes, length);
	return bytes[length] == '\0' ? clerk->rc : INVALID;
}

static struct clerk
new_clerk(struct arena *arena, enum outcome rc, size_t most)
{
	struct clerk clerk = { .rc = rc, .most = most };

	buf_init(&clerk.seen, arena, 1 << 20);
	return clerk;
}

static enum outcome
put(struct arena *arena, const char *head, const char *body, size_t length)
{
	struct buf buf;

	buf_init(&buf, arena, 1000);
	buf_add_text(&buf, head);
	return spool_put(directory, &buf, body, length);
}

static struct spool_count
counted(struct arena *arena)
{
	struct spool_count count;
	struct buf why;

	buf_init(&why, arena, 1000);
	is_int(spool_count(directory, &count, &why), OK, "they are counted");
	return count;
}

static void
test_open(struct arena *arena)
{
	const char *path = arena_format(arena, "%s/new", directory);
	struct stat status;
	struct buf why;

	buf_init(&why, arena, 1000);
	is_int(spool_open(path, &why), OK, "the directory is made");
	ok(stat(path, &status) == 0 && (status.st_mode & 07777) == 0700,
	    "for its owner alone");
	is_int(spool_open(path, &why), OK, "and may be there");
	ok(rmdir(path) == 0, "it is empty");
	is_int(spool_open("/proc/parley/spool", &why), INVALID,
	    "one that cannot be made is refused");
	ok(strstr(buf_text(&why), "/proc/parley/spool") != NULL,
	    "by its name: %s", buf_text(&why));
	is_int(spool_put("/proc/parley", &why, "", 0), FAULT,
	    "nothing is put where there is none");
	ok(spool_is_empty("/proc/parley"), "and nothing waits there");
}

static void
test_order(struct arena *arena)
{
	struct clerk clerk = new_clerk(arena, OK, 3);
	size_t i;

	ok(spool_is_empty(directory), "at first nothing waits");
	is_int(spool_take(directory, PATIENCE, take, &clerk), OK,
	    "and nothing is given");
	for (i = 0; i < 9; i++)
		is_int(put(arena, arena_format(arena, "%zu", i), "", 0), OK,
		    "thing %zu is put", i);
	ok(!spool_is_empty(directory), "they wait");
	is_int((int64_t)counted(arena).waiting, 9, "all of them");
	is_int(spool_take(directory, PATIENCE, take, &clerk), AGAIN,
	    "who takes may stop");
	is_text(buf_text(&clerk.seen), "012", "they are given in order");
	is_int((int64_t)counted(arena).waiting, 6, "what was not done waits");
	clerk.most = 100;
	is_int(spool_take(directory, 0, take, &clerk), LIMITED,
	    "when the time is over nothing is given");
	is_int(spool_take(directory, PATIENCE, take, &clerk), OK,
	    "until none is left");
	is_text(buf_text(&clerk.seen), "012345678", "each once");
	ok(spool_is_empty(directory), "none waits any more");
}

static void
test_whole(struct arena *arena)
{
	static const char body[] = "x\0\n\xff";
	struct clerk clerk = new_clerk(arena, OK, 9);

	is_int(put(arena, "a\n", body, sizeof(body)), OK, "bytes are put");
	is_int(put(arena, "", "", 0), OK, "and nothing");
	is_int(spool_take(directory, PATIENCE, take, &clerk), OK, "and given");
	is_int((int64_t)clerk.given, 2, "both");
	ok(clerk.seen.length == 2 + sizeof(body) &&
		memcmp(clerk.seen.data, "a\nx\0\n\xff", 2 + sizeof(body)) == 0,
	    "whatever they are");
}

static void
test_aside(struct arena *arena)
{
	const char *path = arena_format(
	    arena, "%s/01234567-0123-7123-8123-0123456789ab", directory);
	struct clerk clerk = new_clerk(arena, FAULT, 2);
	FILE *file = fopen(path, "w");

	assert(file != NULL);
	assert(ftruncate(fileno(file), (off_t)SPOOL_MOST + 1) == 0);
	(void)fclose(file);
	is_int(put(arena, "a", "", 0), OK,
	    "one waits behind what is larger than it may be");
	is_int(spool_take(directory, PATIENCE, take, &clerk), OK,
	    "what fails is done with, too");
	is_int((int64_t)clerk.given, 1, "what is too large is not given");
	is_int((int64_t)counted(arena).failed, 2, "both are set aside");
	is_int((int64_t)counted(arena).waiting, 0, "neither waits");
}

static void
test_one(struct arena *arena)
{
	const char *path = arena_format(arena, "%s/.lock", directory);
	struct clerk clerk = new_clerk(arena, OK, 1);
	int lock = open(path, O_RDWR | O_CLOEXEC);

	assert(lock >= 0 && flock(lock, LOCK_EX) == 0);
	is_int(put(arena, "b", "", 0), OK,
	    "one is put while another process takes");
	is_int(spool_take(directory, PATIENCE, take, &clerk), AGAIN,
	    "nobody else takes meanwhile");
	is_int((int64_t)clerk.given, 0, "and is given nothing");
	(void)close(lock);
	is_int(spool_take(directory, PATIENCE, take, &clerk), OK,
	    "but when it has ended");
	is_int((int64_t)clerk.given, 1, "then it is given");
}

int
main(void)
{
	struct arena *arena = arena_new();

	assert(mkdtemp(directory) != NULL);
	test_open(arena);
	test_order(arena);
	test_whole(arena);
	test_aside(arena);
	test_one(arena);
	ok(system(arena_format(arena, "rm -r %s", directory)) == 0,
	    "and all is removed");
	arena_free(arena);
	return done();
}
