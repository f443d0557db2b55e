/*
 * Conversations in a room of LiveKit: the user joins it with a token, and so
 * may somebody who only listens.
 *
 * Parley itself is not in the room.  The agent there is a program of LiveKit's
 * framework, dispatched as the user's joining makes the room; it is told the
 * conversation's id, and by that finds out here what it is to do.  What
 * happens in the room LiveKit tells (api/hooks_livekit).  A room that nobody
 * joins while the token is good ends its conversation as unanswered.
 */
#ifndef PARLEY_API_CONVERSATION_WEBRTC_H
#define PARLEY_API_CONVERSATION_WEBRTC_H

#include "model/field.h"

struct call;
struct opening_channel;

/* Beginning on webrtc.  409: the account has no LiveKit server; 503: its
 * secret cannot be opened.  Once more with the same id it gives out a fresh
 * token. */
extern const struct opening_channel conversation_webrtc;

/* {url, token, room_name, expires_at} */
extern const struct schema webrtc_room_schema;

/* POST /v1/conversations/{conversation_id}/listener-token.  404: no such
 * conversation, or it has no room; 409: nobody is in it. */
enum outcome conversation_listener(struct call *call);

#endif
