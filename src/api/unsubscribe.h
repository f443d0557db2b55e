/*
 * /v1/email/unsubscribe/{token}: what List-Unsubscribe and the footer of a
 * mail lead to (RFC 8058).  A POST takes the address of the token's
 * conversation into the ledger; a GET changes nothing, since programs that
 * look at mails follow links, and shows a page that posts.
 */
#ifndef PARLEY_API_UNSUBSCRIBE_H
#define PARLEY_API_UNSUBSCRIBE_H

#include "base/base.h"

struct call;

enum outcome unsubscribe_show(struct call *call);
enum outcome unsubscribe(struct call *call);

/* Answers a POST that is kept for later: with the same page, for no mail
 * leaves before it is done. */
void unsubscribe_later(struct call *call);

#endif
