/*
 * Asks a language model: any server of OpenAI's chat completions.
 */
#ifndef PARLEY_UPSTREAM_COMPLETION_H
#define PARLEY_UPSTREAM_COMPLETION_H

#include "base/base.h"
#include "model/completion.h"

struct arena;
struct config;

/*
 * Asks once, and where the model does not know a parameter that it can do
 * without, once more in another manner; where the server does not know the
 * request's model, the line's.  `answer` is always written.
 *
 * OK: an answer.  The others have a code and a reason in words, in which the
 * key is not.  AGAIN: it may answer later (none is configured, 429, 5xx, no
 * connection, too slow, a broken answer, and what can be mended: a wrong key,
 * an address that is not the model's).  INVALID: it refuses this very
 * request.
 */
enum outcome completion_ask(struct arena *arena, const struct config *config,
    const struct completion_line *line,
    const struct completion_request *request,
    struct completion_answer *answer) MUSTCHECK;

#endif
