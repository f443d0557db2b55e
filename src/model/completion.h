/*
 * A question to a language model, and its answer, as documents of OpenAI's
 * chat completions: the request is written, and what a server answered is
 * read and judged.  Nothing is called here; upstream/completion.h does that.
 *
 * Servers differ.  What one of them may leave out, or may write otherwise,
 * is taken; what an answer must have in order to be used is checked, so that
 * whoever has an answer can believe it: its text is text, and the arguments
 * of every call are a JSON object.
 */
#ifndef PARLEY_MODEL_COMPLETION_H
#define PARLEY_MODEL_COMPLETION_H

#include "base/base.h"

#define COMPLETION_MOST 262144 /* bytes of a server's answer */
#define COMPLETION_CALLS_MOST 64

struct arena;

/* Which model is asked. */
struct completion_line {
	const char *url; /* base: https://host/v1; NULL: none is configured */
	const char *key; /* bearer, opened; NULL: none */
	const char *model;
	bool trusted; /* the operator chose the address, and no client */
};

struct completion_request {
	/* JSON array in OpenAI's shape: role, content, tool_calls,
	 * tool_call_id. */
	const char *messages;
	/* JSON array of {"type":"function","function":{...}}, or NULL. */
	const char *tools;
	/* The JSON Schema that the answer must fit, and a name for it; NULL:
	 * it is in words. */
	const char *schema;
	const char *schema_name;
	/* To ask in place of the line's, which answers where the server does
	 * not know this one; NULL: the line's. */
	const char *model;
	double temperature;
	int64_t most_tokens; /* of the answer; 0: as [llm] most_tokens says */
};

struct completion_answer {
	const char *text;       /* "" where there is none */
	const char *tool_calls; /* JSON array in OpenAI's shape, or NULL */
	const char *model;      /* that answered */
	const char *finish_reason;
	int64_t prompt_tokens, completion_tokens; /* 0: not said */
	int64_t elapsed;                          /* microseconds */

	/* Where there is no answer: one of the codes below, why in words, and
	 * the seconds that it wants us to wait, or 0. */
	const char *code;
	const char *reason;
	int64_t retry_after;
};

#define LLM_NOT_CONFIGURED "LLM_NOT_CONFIGURED"
#define LLM_RATE_LIMITED "LLM_RATE_LIMITED"
#define LLM_UNAVAILABLE "LLM_UNAVAILABLE"
#define LLM_TIMEOUT "LLM_TIMEOUT"
#define LLM_REFUSED "LLM_REFUSED"
#define LLM_BROKEN_ANSWER "LLM_BROKEN_ANSWER"

/* What came back by HTTP. */
struct completion_reply {
	int64_t status;
	const char *body;
	size_t length;
	bool cut; /* there was more */
	int64_t retry_after;
	const char *secret; /* what no reason may repeat, or NULL */
};

/* What not every model takes: at first all is used. */
struct completion_manner {
	bool newer_limit;    /* max_completion_tokens, and not max_tokens */
	bool no_temperature; /* it has its own */
	bool alternates;     /* messages of user and assistant, in turn */
};

/* The document to post. */
const char *completion_write(struct arena *arena, const char *model,
    const struct completion_request *request,
    const struct completion_manner *manner);

/* Is this the refusal of what can be done without?  Then the
 * manner is another one, and asking again is worth while. */
bool completion_adapt(struct arena *arena, const struct completion_reply *reply,
    struct completion_manner *manner);

/* Does the server not know the model? */
bool completion_is_unknown(
    struct arena *arena, const struct completion_reply *reply);

/*
 * Judges and reads a reply; `answer` is always written.
 *
 * OK: an answer.  AGAIN: it may answer later: it is too busy, it is broken,
 * its answer cannot be used, or it knows neither us nor the model, which
 * somebody can mend.  INVALID: it will never answer this very request.
 */
enum outcome completion_read(struct arena *arena,
    const struct completion_reply *reply,
    const struct completion_request *request,
    struct completion_answer *answer) MUSTCHECK;

#endif
