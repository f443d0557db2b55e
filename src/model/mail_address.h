/*
 * Addresses of email, as we take them from clients and write them down.
 *
 * RFC 5322 allows comments, quotes, routes and folding in an address.  What
 * arrives by mail is read by the MIME library, which leaves the plain
 * addr-spec; from a client only that is taken: a dot-atom, "@" and a domain
 * name, all ASCII.  So an address can stand in a header and in the dialogue
 * of SMTP without a further look.
 */
#ifndef PARLEY_MODEL_MAIL_ADDRESS_H
#define PARLEY_MODEL_MAIL_ADDRESS_H

#include "base/base.h"
#include "model/field.h"

#define MAIL_ADDRESS_MOST 254 /* bytes: RFC 5321, section 4.5.3.1.3 */

struct arena;

/* Is it a plain address: dot-atom, "@", domain, and no more? */
bool mail_address_is_valid(const char *address);

/* The same, for fields. */
extern const struct text_rule mail_address_rule;

/* The form that addresses are compared and kept in: small letters.  That
 * the part before the "@" knows no case either is what everybody's mailbox
 * does, though RFC 5321, section 2.4, does not say so. */
const char *mail_address_key(struct arena *arena, const char *address);

/* What is behind the "@"; borrowed. */
const char *mail_address_domain(const char *address);

/* Is it one that nobody reads or that must not be answered: no-reply,
 * mailer-daemon, postmaster, bounces and the like? */
bool mail_address_is_robot(const char *address);

/* Without the detail behind a "+": "ada+x@example.com" is
 * "ada@example.com". */
const char *mail_address_base(struct arena *arena, const char *address);

#endif
