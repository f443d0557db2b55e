/*
 * A mail as bytes, looked at without understanding it: enough to tell one
 * from another, and to see whether it may be given to the MIME library.
 */
#ifndef PARLEY_MODEL_MAIL_SCAN_H
#define PARLEY_MODEL_MAIL_SCAN_H

#include "base/base.h"
#include "base/secret.h"

#define MAIL_HEAD_MOST 262144 /* bytes of the headers */
#define MAIL_PARTS_MOST 2000  /* lines that may part it */
#define MAIL_LEVELS_MOST 50   /* parts that may hold others */

struct arena;

/* The first header of this name, unfolded and trimmed; NULL: there is none,
 * or it is not text. */
const char *mail_scan_header(
    struct arena *arena, const char *bytes, size_t length, const char *name);

/*
 * How many of its bytes may be given to the MIME library, whose time and
 * depth grow with the parts: up to where the headers are too long, more
 * lines begin with "--" than any honest mail has parts, or more parts hold
 * others.  What is left is a mail still, cut off.
 */
size_t mail_scan_bound(const char *bytes, size_t length);

/* What a mail that comes twice has in common: the recipient, and its
 * Message-ID, or all of it where it has none. */
void mail_scan_digest(struct arena *arena, const char *recipient,
    const char *message_id, const char *bytes, size_t length,
    unsigned char digest[SECRET_DIGEST]);

/* The digest under which a Message-ID, without its brackets, is found. */
void mail_scan_id_digest(
    const char *message_id, unsigned char digest[SECRET_DIGEST]);

/* What is before the "@" of an id. */
const char *mail_scan_local(struct arena *arena, const char *message_id);

#endif
