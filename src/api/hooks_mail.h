/*
 * POST /v1/hooks/mail and /v1/hooks/mail/{carrier_id}: mail that a provider
 * brings, as Mailgun's form or SendGrid's.
 *
 * Who calls is known by a signature under what the carrier has for that, or
 * where a provider signs nothing by a password (HTTP Basic).  The mail is on
 * disk before the 200; the worker reads it.  What will never be taken is
 * 406, which tells Mailgun to stop; SendGrid stops at any 4xx.
 */
#ifndef PARLEY_API_HOOKS_MAIL_H
#define PARLEY_API_HOOKS_MAIL_H

#include "base/base.h"

struct call;

enum outcome hooks_mail(struct call *call);

#endif
