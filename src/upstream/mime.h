/*
 * MIME in and out, by GMime; no other file knows it.
 *
 * What comes in is somebody else's: it is bounded by mail_scan_bound before
 * GMime sees it, walked to a bounded depth, and what is taken from it is made
 * text.  A header that breaks its rules costs that header, never the mail.
 */
#ifndef PARLEY_UPSTREAM_MIME_H
#define PARLEY_UPSTREAM_MIME_H

#include "base/base.h"

struct arena;
struct mail;
struct mail_letter;

/* Once in a program, before it has threads. */
void mime_open(void);

/* Reads one mail (RFC 5322).  What is not there is NULL or empty; a mail
 * without a usable From has no from.address.  Any bytes are some mail. */
void mime_read(
    struct arena *arena, const char *bytes, size_t length, struct mail *mail);

/* Writes a letter as it is given to SMTP: lines end with CR LF, no byte is
 * above 127, and the same letter is the same bytes.  INVALID: something in
 * it cannot stand in a header. */
enum outcome mime_write(struct arena *arena, const struct mail_letter *letter,
    const char **bytes, size_t *length) MUSTCHECK;

#endif
