/*
 * What Twilio calls: signed with the token of the carrier whose account it
 * names, and with nothing else to show who asks.
 */
#ifndef PARLEY_API_HOOKS_TWILIO_H
#define PARLEY_API_HOOKS_TWILIO_H

#include "api/routes.h"

struct id;

handler hooks_twilio_message;
handler hooks_twilio_status;

/* Finds the account of whoever signed the form.  INVALID: 403, whatever the
 * cause. */
enum outcome hooks_twilio_check(
    struct call *call, const char *account_sid, struct id *account) MUSTCHECK;

#endif
