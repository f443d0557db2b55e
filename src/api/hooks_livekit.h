/*
 * What LiveKit calls: signed with the secret of the server's account, over
 * the bytes of the body.
 */
#ifndef PARLEY_API_HOOKS_LIVEKIT_H
#define PARLEY_API_HOOKS_LIVEKIT_H

#include "api/routes.h"

handler hooks_livekit;

#endif
