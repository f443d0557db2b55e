/*
 * Lines of the log, read from the other end of standard error.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/text.h"
#include "base/when.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tap.h"

static int lines; /* keeps the writes apart, as a pipe would not */

/* Without waiting: "" when nothing was written. */
static char *
read_line(struct arena *arena)
{
	char *line = arena_alloc(arena, 10000);
	ssize_t length = recv(lines, line, 9999, MSG_DONTWAIT);

	line[length > 0 ? length : 0] = '\0';
	return line;
}

/* A line without its time. */
static const char *
read_rest(struct arena *arena)
{
	const char *line = read_line(arena);

	return strlen(line) > WHEN_TEXT ? line + WHEN_TEXT : line;
}

static const char *
expect(struct arena *arena, const char *rest)
{
	return arena_format(arena, "parley-test[%ld] %s", (long)getpid(), rest);
}

static void
test_levels(struct arena *arena)
{
	int64_t before = when_now(), when = 0;
	char *line;

	log_info("no name yet");
	ok(strstr(read_line(arena), " parley[") != NULL,
	    "the program has a name before it is told");
	log_open("parley-test");
	log_fault("the %s", "text");
	line = read_line(arena);
	is_text(line + WHEN_TEXT, expect(arena, "fault: the text\n"),
	    "a line is program, process, level and text");
	log_about("the-request");
	log_fault("the text");
	is_text(read_rest(arena),
	    expect(arena, "fault: the-request the text\n"),
	    "a line says what it is about");
	log_about(NULL);
	log_fault("the text");
	is_text(read_rest(arena), expect(arena, "fault: the text\n"),
	    "and no longer, when that is over");
	is_int(line[WHEN_TEXT - 1], ' ', "after the time and a space");
	line[WHEN_TEXT - 1] = '\0';
	is_int(when_parse(line, &when), OK, "the time can be read");
	ok(when >= before / 1000 * 1000 && when <= when_now(),
	    "and is the time");
	log_warning("%d", 1);
	is_text(read_rest(arena), expect(arena, "warning: 1\n"),
	    "there are warnings");
	log_info("%s", "");
	is_text(read_rest(arena), expect(arena, "info: \n"),
	    "there is information");
	is_text(read_line(arena), "", "a line is one write");
}

static void
test_forging(struct arena *arena)
{
	log_info("%s", "a\nb\rc\td\x1b[1me\x7f"
		       "f\x01");
	is_text(read_rest(arena), expect(arena, "info: a?b?c?d?[1me?f?\n"),
	    "control characters are replaced");
	log_info("%s", "\xc3\xa9 \xe2\x82\xac");
	is_text(read_rest(arena),
	    expect(arena, "info: \xc3\xa9 \xe2\x82\xac\n"),
	    "other characters are not");
	is_text(read_line(arena), "", "and it is still one line");
}

/* The longest text is filled with characters of one kind, in each of the
 * positions that they can have where the line ends. */
static void
test_cutting(struct arena *arena)
{
	static const char *const characters[] = { "x", "\xc3\xa9",
		"\xe2\x82\xac", "\xf0\x9f\x98\x80" };
	size_t i, size, shift;
	char *text, *line;
	bool whole;

	for (i = 0; i < COUNT(characters); i++) {
		size = strlen(characters[i]);
		text = arena_alloc(arena, 4001);
		for (shift = 0; shift + size <= 4000; shift += size)
			memcpy(text + shift, characters[i], size);
		whole = true;
		for (shift = 0; shift < 4; shift++) {
			log_info("%.*s%s", (int)shift, "----", text);
			line = read_line(arena);
			whole = whole && strlen(line) <= 2000 &&
				strlen(line) > 2000 - size &&
				text_ends(line, "\n") &&
				text_is_utf8(line, strlen(line));
		}
		ok(whole,
		    "a line is cut at 2,000 bytes, between characters "
		    "of %zu bytes",
		    size);
	}
	text = arena_alloc(arena, 4001);
	memset(text, 0x80, 4000);
	log_info("%s", text);
	is_int((int64_t)strlen(read_line(arena)), 2000,
	    "what is no UTF-8 is cut, too");
}

static void
test_errno(struct arena *arena)
{
	errno = ENOENT;
	log_info("%m");
	is_int(errno, ENOENT, "errno is left alone");
	is_text(read_rest(arena),
	    expect(arena, "info: No such file or directory\n"),
	    "and can be written");
	if (close(STDERR_FILENO) != 0)
		ok(false, "standard error can be closed");
	errno = ENOENT;
	log_info("nobody hears");
	is_int(errno, ENOENT, "no standard error is no trouble");
}

int
main(void)
{
	struct arena *arena = arena_new();
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) != 0 ||
	    dup2(pair[1], STDERR_FILENO) < 0)
		return EXIT_FAILURE;
	lines = pair[0];
	test_levels(arena);
	test_forging(arena);
	test_cutting(arena);
	test_errno(arena);
	arena_free(arena);
	return done();
}
