/*
 * What Twilio calls: signed with the token of the carrier whose account it
 * names, and with nothing else to show who asks.
 */
#ifndef PARLEY_API_HOOKS_TWILIO_H
#define PARLEY_API_HOOKS_TWILIO_H

#include "api/routes.h"

handler hooks_twilio_message;
handler hooks_twilio_status;

#endif
