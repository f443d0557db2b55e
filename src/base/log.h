/*
 * One line for each thing worth knowing, to standard error: journald,
 * Apache's error log and a terminal all take it from there.
 *
 *   2026-11-21T09:00:00.000Z parley-api[123] fault: the text
 *
 * A line is written by one write(2), is cut at 2,000 bytes, and has its
 * control characters replaced, so that nobody can forge another.
 */
#ifndef PARLEY_BASE_LOG_H
#define PARLEY_BASE_LOG_H

#include "base/base.h"

/* The program's name in every line; kept by pointer. */
void log_open(const char *program);

/* What this thread is at, a request or a piece of work: its id begins the
 * text of every line until NULL takes it away.  Kept by pointer. */
void log_about(const char *id);

/* Something of ours or beside us is broken: a person should look. */
void log_fault(const char *format, ...) PRINTF(1, 2);

/* Something went wrong and was dealt with. */
void log_warning(const char *format, ...) PRINTF(1, 2);

/* What happened: starts, stops, one line for each request. */
void log_info(const char *format, ...) PRINTF(1, 2);

#endif
