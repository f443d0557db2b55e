/*
 * Who calls a hook for mail: a provider of mail proves that it is a
 * carrier's, in one of the ways that there are.
 */
#ifndef PARLEY_API_MAIL_PROVIDER_H
#define PARLEY_API_MAIL_PROVIDER_H

#include "base/base.h"

struct call;
struct carrier;
struct mailgun_signature;

/* By SendGrid's signature over the whole body, where the carrier has the
 * key to verify it; else by Mailgun's under its signing key, whose time and
 * token are for the caller to look at; or by that key as the password of
 * HTTP Basic (RFC 7617).  All in constant time. */
bool mail_provider_is(struct call *call,
    const struct mailgun_signature *signature, const struct carrier *carrier);

#endif
