/*
 * POST /v1/pathway/{pathway_id}/replay: conversations that were recorded,
 * taken again over another version (model/rehearsal).  It reads, and neither
 * asks a model nor sends or changes anything, so it is done while the request
 * waits: at most REPLAY_CONVERSATIONS, of each REPLAY_EACH bytes of traces,
 * and of all together REPLAY_BYTES.
 */
#ifndef PARLEY_API_PATHWAY_REPLAYS_H
#define PARLEY_API_PATHWAY_REPLAYS_H

#include "base/base.h"

#define REPLAY_CONVERSATIONS 50
#define REPLAY_TURNS 200 /* of one */
#define REPLAY_EACH ((int64_t)2 << 20)
#define REPLAY_BYTES ((int64_t)16 << 20)

struct call;
struct schema;

extern const struct schema replay_request_schema;
extern const struct schema replay_answer_schema;

enum outcome pathway_replays_make(struct call *call);

#endif
