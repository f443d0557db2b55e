/*
 * Answers that several resources share.
 */
#ifndef PARLEY_API_ANSWER_H
#define PARLEY_API_ANSWER_H

#include "base/base.h"

struct schema;

/* {"message": "..."} */
struct answer_message {
	const char *message;
};

/* {"status": "..."}: what the oldest routes say. */
struct answer_status {
	const char *status;
};

extern const struct schema answer_message_schema;
extern const struct schema answer_status_schema;

#endif
