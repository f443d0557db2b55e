/*
 * POST /v1/sms/create: a conversation that goes on elsewhere is taken over,
 * with a message and a place in a pathway.  Nothing is sent and the agent
 * does not speak.
 */
#ifndef PARLEY_API_SMS_CREATE_H
#define PARLEY_API_SMS_CREATE_H

#include "api/routes.h"
#include "base/id.h"
#include "model/conversation.h"
#include "model/silence.h"

struct create_request {
	const char *user_number;
	const char *agent_number;
	int channel; /* enum channel */
	const char *message;
	const char *message_sid;
	struct position position;
	const char *request_data; /* JSON object */
	bool new_conversation;
	int sender; /* enum sender */
	struct silence silence;
};

struct create_answer {
	const char *message;
	struct id conversation_id;
	struct id message_id;
	struct id workflow_id;
};

extern const struct schema create_request_schema, create_answer_schema;

handler sms_create;

#endif
