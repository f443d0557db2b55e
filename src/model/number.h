/*
 * The account's telephone numbers, and what each is to do on each of its
 * channels.
 */
#ifndef PARLEY_MODEL_NUMBER_H
#define PARLEY_MODEL_NUMBER_H

#include "base/base.h"
#include "base/id.h"
#include "model/silence.h"

struct faults;
struct schema;

struct phone_number {
	const char *number; /* E.164 */
	struct id carrier_id;
	const char *label;
	const char *channels;                /* JSON array of texts */
	struct id inbound_agent_version_id;  /* who answers its calls */
	struct id outbound_agent_version_id; /* who calls in its name */
	int64_t created_at;
};

/* What clients call sms_config: 19 fields of theirs, and ours below. */
struct number_config {
	const char *webhook;
	const char *request_data; /* JSON object or array */
	struct silence silence;
	int timeout_action; /* enum timeout_action */
	const char *messaging_service_sid;
	const char *objective;
	const char *tools; /* JSON array of ids, names or definitions */
	double temperature;
	const char *pathway_id;
	const char *pathway_version;
	const char *start_node_id;
	bool restart_after_end_call;
	const char *timezone;
	const char *summary_prompt;
	const char *disposition_ids;     /* JSON array of texts */
	const char *citation_schema_ids; /* JSON array of texts */

	const char *ignore_keywords; /* JSON array of texts */
	double debounce;             /* seconds; 0: answer at once */
	double debounce_max;         /* seconds */
	const char *quiet_hours;     /* "21:00-08:00" */
	int64_t max_segments;        /* 0: no limit */
	const char *help_message;
	bool human_mode;         /* people answer, and no agent */
	double sends_per_second; /* 0: no limit */
	int64_t daily_messages;  /* to one user; 0: no limit */
	int64_t loop_guard;      /* agent's messages without a pause */
};

extern const struct schema phone_number_schema;
extern const struct schema number_config_schema;

/* What a new number starts with. */
void number_config_init(struct number_config *config);

/* What must hold between fields; `asked` is what the request set of the
 * silence.  INVALID. */
enum outcome number_config_check(const struct number_config *config,
    const struct silence *asked, struct faults *faults) MUSTCHECK;

#endif
