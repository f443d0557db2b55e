/*
 * Ids: their bits, their order and their texts.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/when.h"

#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

#define IDS 20000
#define THREADS 4

static struct id made[THREADS][IDS];

/* The time when the test has stopped the clock; 0 when it runs. */
static struct timespec stopped;

/* Takes the place of the system's. */
int
clock_gettime(clockid_t clock, struct timespec *now)
{
	if (stopped.tv_sec == 0)
		return (int)syscall(SYS_clock_gettime, clock, now);
	*now = stopped;
	return 0;
}

static int
compare(const struct id *a, const struct id *b)
{
	return memcmp(a->bytes, b->bytes, ID_BYTES);
}

static void *
make(void *ids)
{
	struct id *at = ids;
	size_t i;

	for (i = 0; i < IDS; i++)
		at[i] = id_new();
	return NULL;
}

static size_t
count_disorder(const struct id *ids)
{
	size_t i, disorder = 0;

	for (i = 1; i < IDS; i++)
		disorder += compare(&ids[i - 1], &ids[i]) >= 0;
	return disorder;
}

static int64_t
id_when(const struct id *id)
{
	int64_t when = 0;
	size_t i;

	for (i = 0; i < 6; i++)
		when = when << 8 | id->bytes[i];
	return when;
}

static void
test_bits(void)
{
	unsigned char ones[ID_BYTES] = { 0 }, zeros[ID_BYTES] = { 0 };
	int64_t before = when_now() / 1000, after;
	struct id id = id_new();
	size_t i, j;
	bool chance = true;

	after = when_now() / 1000;
	ok(id_when(&id) >= before && id_when(&id) <= after,
	    "an id begins with its milliseconds");
	is_int(id.bytes[6] >> 4, 7, "its version is 7");
	is_int(id.bytes[8] >> 6, 2, "its variant is RFC 9562's");
	for (i = 0; i < 200; i++) {
		id = id_new();
		for (j = 8; j < ID_BYTES; j++) {
			ones[j] |= id.bytes[j];
			zeros[j] |= (unsigned char)~id.bytes[j];
		}
	}
	for (j = 8; j < ID_BYTES; j++)
		chance = chance && ones[j] == (j == 8 ? 0xbf : 0xff) &&
			 zeros[j] == (j == 8 ? 0x7f : 0xff);
	ok(chance, "each of the last 62 bits comes as 0 and as 1");
}

static void
test_order(void)
{
	pthread_t threads[THREADS];
	size_t i, disorder = 0;
	bool started = true;

	(void)make(made[0]);
	is_int((int64_t)count_disorder(made[0]), 0, "ids ascend");
	for (i = 0; i < THREADS; i++)
		started = started &&
			  pthread_create(&threads[i], NULL, make, made[i]) == 0;
	for (i = 0; started && i < THREADS; i++)
		started = pthread_join(threads[i], NULL) == 0;
	ok(started, "threads make ids side by side");
	for (i = 0; i < THREADS; i++)
		disorder += count_disorder(made[i]);
	is_int((int64_t)disorder, 0, "and they ascend in each");
	made[0][0] = id_new();
	for (i = 0; i < THREADS; i++)
		disorder += compare(&made[i][IDS - 1], &made[0][0]) >= 0;
	is_int((int64_t)disorder, 0, "and from one thread to another");
}

static void
test_clock(void)
{
	struct id id, last;

	/* In the future, so that it is past all ids there are. */
	stopped = (struct timespec){ 4000000000, 123500000 };
	id = id_new();
	is_int(id_when(&id), INT64_C(4000000000123), "the clock is stopped");
	is_int((id.bytes[6] & 0xf) << 8 | id.bytes[7], 2048,
	    "half a millisecond is half of 12 bits");
	(void)make(made[0]);
	is_int((int64_t)count_disorder(made[0]), 0,
	    "ids ascend when the clock stands");
	is_int(made[0][IDS - 1].bytes[6] >> 4, 7,
	    "past the millisecond the version is still 7");
	last = made[0][IDS - 1];
	stopped.tv_sec -= 3600;
	id = id_new();
	ok(compare(&last, &id) < 0, "and when it goes back");
	stopped.tv_sec = 0;
}

/* The child sends the id that it makes first after it was born. */
static void
test_fork(void)
{
	struct id theirs = { { 0 } }, ours;
	int ends[2], status = -1;
	pid_t child;

	if (pipe(ends) != 0 || (child = fork()) < 0) {
		ok(false, "the test can fork");
		return;
	}
	ours = id_new();
	if (child == 0)
		_exit(write(ends[1], &ours, sizeof(ours)) != sizeof(ours));
	ok(read(ends[0], &theirs, sizeof(theirs)) == sizeof(theirs) &&
		waitpid(child, &status, 0) == child && status == 0,
	    "a child makes an id");
	ok(memcmp(ours.bytes + 8, theirs.bytes + 8, 8) != 0,
	    "by other chance than its parent");
	close(ends[0]);
	close(ends[1]);
}

static void
test_text(struct arena *arena)
{
	static const char text[] = "0193a1b2-c3d4-7e5f-8a6b-0c1d2e3f4a5b";
	static const unsigned char bytes[] = { 0x01, 0x93, 0xa1, 0xb2, 0xc3,
		0xd4, 0x7e, 0x5f, 0x8a, 0x6b, 0x0c, 0x1d, 0x2e, 0x3f, 0x4a,
		0x5b };
	struct id id = { { 0 } }, same;
	char written[ID_TEXT];

	ok(id_is_none(&id), "zeros are no id");
	is_text(id_text(arena, &id), "00000000-0000-0000-0000-000000000000",
	    "and can be written");
	is_int(id_parse(text, &id), OK, "an id is read");
	ok(memcmp(id.bytes, bytes, ID_BYTES) == 0, "byte by byte");
	ok(!id_is_none(&id), "it is an id");
	is_text(id_text(arena, &id), text, "it is written as it was read");
	id_write(&id, written);
	is_text(written, text, "also without an arena");
	is_int(id_parse("0193A1B2-C3D4-7E5F-8A6B-0C1D2E3F4A5B", &same), OK,
	    "capitals are read");
	ok(id_equal(&id, &same), "as the same id");
	is_int(id_parse("0193a1b2c3d47e5f8a6b0c1d2e3f4a5b", &same), OK,
	    "hyphens may be left out");
	ok(id_equal(&id, &same), "that is the same id, too");
	same.bytes[15] ^= 1;
	ok(!id_equal(&id, &same), "one bit makes another id");
	same = id_new();
	is_int(id_parse(id_text(arena, &same), &id), OK, "a new id is read");
	ok(id_equal(&id, &same), "and is what was written");
}

static void
test_refusals(void)
{
	static const char *const bad[] = { "", "0193a1b2",
		"0193a1b2-c3d4-7e5f-8a6b-0c1d2e3f4a5",
		"0193a1b2-c3d4-7e5f-8a6b-0c1d2e3f4a5b0",
		"0193a1b2-c3d4-7e5f-8a6b-0c1d2e3f4a5g",
		"0193a1b2-c3d4-7e5f-8a6b0-c1d2e3f4a5b",
		"0193a1b2+c3d4+7e5f+8a6b+0c1d2e3f4a5b",
		"0193a1b2c3d47e5f8a6b0c1d2e3f4a5b0000",
		"0193a1b2c3d4-7e5f8a6b0c1d2e3f4a5",
		"0193a1b2c3d47e5f8a6b0c1d2e3f4a5 ",
		"0193a1b2c3d47e5f8a6b0c1d2e3f4a5",
		"{0193a1b2-c3d4-7e5f-8a6b-0c1d2e3f4a5b}" };
	struct id id = id_new(), before = id;
	size_t i;

	for (i = 0; i < COUNT(bad); i++)
		ok(id_parse(bad[i], &id) == INVALID && id_equal(&id, &before),
		    "\"%s\" is no id and leaves the other alone", bad[i]);
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_bits();
	test_order();
	test_clock();
	test_fork();
	test_text(arena);
	test_refusals();
	arena_free(arena);
	return done();
}
