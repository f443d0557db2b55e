/*
 * Memory for one request.
 */
#include "base/base.h"

#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#if defined(__SANITIZE_ADDRESS__)
#	define SANITIZED 1
#elif defined(__has_feature)
#	if __has_feature(address_sanitizer)
#		define SANITIZED 1
#	endif
#endif

#ifdef SANITIZED
#	include <sanitizer/common_interface_defs.h>
#endif

static char released[16];

static void
release(void *thing)
{
	size_t length = strlen(released);

	released[length] = *(const char *)thing;
	released[length + 1] = '\0';
}

static bool
all_zeros(const unsigned char *bytes, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		if (bytes[i] != 0)
			return false;
	}
	return true;
}

/* Allocates in all sizes around the block's, fills each with its own byte
 * and then looks whether it is all still there. */
static bool
nothing_overlaps(struct arena *arena)
{
	static const size_t sizes[] = { 1, 3, 16, 17, 100, 4000, 4096, 4097,
		16383, 16384, 16385, 100000 };
	unsigned char *made[200];
	size_t i, j;

	for (i = 0; i < COUNT(made); i++) {
		made[i] = arena_alloc(arena, sizes[i % COUNT(sizes)]);
		if ((uintptr_t)made[i] % alignof(max_align_t) != 0 ||
		    !all_zeros(made[i], sizes[i % COUNT(sizes)]))
			return false;
		memset(made[i], (int)(i + 1), sizes[i % COUNT(sizes)]);
	}
	for (i = 0; i < COUNT(made); i++) {
		for (j = 0; j < sizes[i % COUNT(sizes)]; j++) {
			if (made[i][j] != (unsigned char)(i + 1))
				return false;
		}
	}
	return true;
}

/* A death that is wanted is reported to nobody. */
static void
be_silent(void)
{
#ifdef SANITIZED
	__sanitizer_set_report_fd((void *)(intptr_t)STDERR_FILENO);
#endif
	if (close(STDERR_FILENO) != 0)
		_exit(0);
}

/* Does the process end when it does `deed`? */
static bool
is_deadly(void (*deed)(struct arena *))
{
	struct arena *arena;
	int status;
	pid_t child;

	child = fork();
	if (child == 0) {
		be_silent();
		arena = arena_new();
		deed(arena);
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return false;
	return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

static void
take_too_much(struct arena *arena)
{
	arena_alloc(arena, SIZE_MAX / 2);
}

static void
take_all_there_is(struct arena *arena)
{
	arena_alloc(arena, SIZE_MAX);
}

static void
test_alloc(void)
{
	struct arena *arena = arena_new();
	int round;

	ok(arena_alloc(arena, 0) != NULL, "no bytes are not NULL");
	for (round = 1; round <= 3; round++) {
		ok(nothing_overlaps(arena),
		    "allocations are zeros, aligned and apart, round %d",
		    round);
		arena_clear(arena);
	}
	arena_free(arena);
	arena_free(NULL);
	ok(true, "no arena can be freed");
	ok(is_deadly(take_too_much), "out of memory ends the process");
	ok(is_deadly(take_all_there_is), "a size that wraps ends it, too");
}

static void
test_texts(void)
{
	struct arena *arena = arena_new();
	char source[] = "salut";
	char *copy = arena_text(arena, source);

	source[0] = 'S';
	is_text(copy, "salut", "a text is copied");
	is_text(arena_text(arena, ""), "", "an empty text stays empty");
	ok(arena_text(arena, NULL) == NULL, "no text stays NULL");
	copy = arena_copy(arena, "a\0bcd", 3);
	ok(memcmp(copy, "a\0b", 4) == 0, "bytes get a NUL behind them");
	is_text(arena_copy(arena, NULL, 0), "", "no bytes are an empty text");
	is_text(
	    arena_format(arena, "%d-%s", 7, "x"), "7-x", "a text is formatted");
	copy = arena_format(arena, "%070000d", 1);
	is_int((int64_t)strlen(copy), 70000, "a formatted text may be long");
	is_text(arena_format(arena, "%s", ""), "", "or empty");
	arena_free(arena);
}

static void
test_defer(void)
{
	struct arena *arena = arena_new();
	char *letter = arena_text(arena, "c");

	arena_defer(arena, release, (char[]){ "a" });
	arena_defer(arena, release, (char[]){ "b" });
	arena_defer(arena, release, letter);
	is_text(released, "", "what is deferred is not done at once");
	arena_clear(arena);
	is_text(released, "cba",
	    "it is done newest first, with the memory "
	    "still there");
	arena_clear(arena);
	is_text(released, "cba", "it is done once");
	arena_defer(arena, release, (char[]){ "d" });
	arena_free(arena);
	is_text(released, "cbad", "freeing does it, too");
}

#ifdef SANITIZED
static void
write_behind(struct arena *arena)
{
	volatile char *bytes = arena_alloc(arena, 5);

	bytes[5] = 'x';
}

static void
write_after_clear(struct arena *arena)
{
	volatile char *bytes = arena_alloc(arena, 5);

	arena_clear(arena);
	bytes[0] = 'x';
}

static void
test_sanitizer(void)
{
	ok(is_deadly(write_behind), "the sanitizer sees an overrun");
	ok(is_deadly(write_after_clear), "and a use after arena_clear");
}
#else
static void
write_used(struct arena *arena)
{
	unsigned char *secret = arena_alloc(arena, 100);

	memset(secret, 's', 100);
	arena_clear(arena);
	if (!all_zeros(arena_alloc(arena, 100), 100))
		_exit(1);
}

static void
test_sanitizer(void)
{
	ok(!is_deadly(write_used), "what is used again is zeros");
}
#endif

int
main(void)
{
	test_alloc();
	test_texts();
	test_defer();
	test_sanitizer();
	return done();
}
