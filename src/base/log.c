/*
 * Lines for the log.  They are made in a fixed array and not in an arena:
 * one of them says that there is no more memory.
 */
#include "base/base.h"

#include "base/log.h"
#include "base/when.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define LINE_BYTES 2000 /* with its line feed */

/* The one variable of the module: who speaks is settled once, in main,
 * before there are threads, and is the same for the whole process. */
static const char *log_program = "parley";

/* What each thread is at is its own. */
static _Thread_local const char *log_subject;

static void log_line(const char *level, const char *format, va_list values)
    PRINTF(2, 0);
static size_t cut(const char *line, size_t length);
static void replace_controls(char *line, size_t length);
static void send_line(const char *line, size_t length);

void
log_open(const char *program)
{
	log_program = program;
}

void
log_about(const char *id)
{
	log_subject = id;
}

void
log_fault(const char *format, ...)
{
	va_list values;

	va_start(values, format);
	log_line("fault", format, values);
	va_end(values);
}

void
log_warning(const char *format, ...)
{
	va_list values;

	va_start(values, format);
	log_line("warning", format, values);
	va_end(values);
}

void
log_info(const char *format, ...)
{
	va_list values;

	va_start(values, format);
	log_line("info", format, values);
	va_end(values);
}

/* Leaves errno as it was, so that a caller may log first and look later. */
static void
log_line(const char *level, const char *format, va_list values)
{
	char line[LINE_BYTES + 1], now[WHEN_TEXT];
	int saved = errno, head, text;
	size_t length;

	when_write(when_now(), now);
	head =
	    snprintf(line, LINE_BYTES, "%s %s[%ld] %s: %s%s", now, log_program,
		(long)getpid(), level, log_subject != NULL ? log_subject : "",
		log_subject != NULL ? " " : "");
	if (head < 0 || head >= LINE_BYTES)
		head = 0;
	errno = saved;
	text =
	    vsnprintf(line + head, (size_t)(LINE_BYTES - head), format, values);
	length = (size_t)head + (size_t)(text > 0 ? text : 0);
	if (length > LINE_BYTES - 1)
		length = cut(line, LINE_BYTES - 1);
	replace_controls(line, length);
	line[length] = '\n';
	send_line(line, length + 1);
	errno = saved;
}

/* The length of a line of which only `length` bytes were kept: a character
 * (RFC 3629) that lost its end goes as a whole. */
static size_t
cut(const char *line, size_t length)
{
	size_t lead = length - 1, wanted;
	unsigned char byte;

	while (lead > length - 4 && ((unsigned char)line[lead] & 0xc0) == 0x80)
		lead--;
	byte = (unsigned char)line[lead];
	if (byte < 0xc0)
		return length;
	wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
	return length - lead < wanted ? lead : length;
}

static void
replace_controls(char *line, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	}
}

/* There is nowhere to say that the log cannot be written. */
static void
send_line(const char *line, size_t length)
{
	ssize_t written;

	do
		written = write(STDERR_FILENO, line, length);
	while (written < 0 && errno == EINTR);
}
