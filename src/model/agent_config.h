/*
 * What an agent's version is: one document, which a client writes with
 * /v1/agents or brings along in place with a conversation.
 *
 * It is kept as it was sent and read into this struct when it is needed.
 * For each channel it may say something else to the model
 * (`channel_overrides`) and how its words are delivered
 * (`channel_properties`); agent_config_for puts that together, so that who
 * lets an agent speak looks at one struct and no channel by name.  The
 * messaging API's channels are all "sms" here.
 */
#ifndef PARLEY_MODEL_AGENT_CONFIG_H
#define PARLEY_MODEL_AGENT_CONFIG_H

#include "base/base.h"
#include "base/names.h"
#include "model/channel.h"
#include "model/silence.h"

#define AGENT_CONFIG_MOST 262144 /* bytes of its compact text */

struct arena;
struct json_object;
struct reader;
struct schema;

enum agent_kind { AGENT_STATIC_PROMPT, AGENT_KIND_N };

/* How a channel's instructions join those of the agent. */
enum instructions_mode {
	INSTRUCTIONS_APPEND,
	INSTRUCTIONS_REPLACE,
	INSTRUCTIONS_MODE_N
};

enum body_format {
	BODY_MULTIPART, /* text and HTML */
	BODY_HTML,
	BODY_PLAINTEXT,
	BODY_FORMAT_N
};

/* Who else is sent a reply to a mail that others were sent too. */
enum cc_policy {
	CC_CONDITIONAL, /* whoever was, where the mail was to the agent */
	CC_NEVER,
	CC_ALWAYS,
	CC_POLICY_N
};

extern const struct names agent_kind_names;
extern const struct names instructions_mode_names;
extern const struct names body_format_names;
extern const struct names cc_policy_names;

struct agent_override {
	const char *instructions; /* NULL: the agent's alone */
	int instructions_mode;    /* enum instructions_mode */
	const char *starting_message;
	int64_t max_tool_steps; /* 0: the agent's */
};

/* Of any channel. */
struct agent_delivery {
	bool enabled;
	const char *body_template; /* has {{agent_response}} */
};

struct agent_email {
	struct agent_delivery delivery;
	int body_format;              /* enum body_format */
	const char *subject_template; /* of a reply: {{subject}} */
	const char *default_subject;  /* of a first mail; NULL: none */
	const char *from_display_name;
	const char *signature;        /* Markdown */
	const char *template_wrapper; /* HTML with {{body}}; NULL: none */
	bool include_unsubscribe_footer;
	bool quote_history;
	int cc_reply_policy; /* enum cc_policy */
};

struct agent_telephone {
	struct agent_delivery delivery;
	const char *transfer_number; /* E.164; NULL: it transfers nobody */
	int64_t ring_timeout;        /* seconds until nobody answers */
	int64_t max_duration;        /* seconds of a call */
	int64_t no_input_timeout;    /* seconds of silence in a turn */
	const char *no_input_message;
	int64_t no_input_retries; /* so often it is said; then it hangs up */
	int64_t retries;          /* of a call that is busy or unanswered */
	int64_t retry_delay;      /* seconds before each */
};

struct agent_webrtc {
	struct agent_delivery delivery;
	const char *agent_name; /* whom LiveKit dispatches; NULL: nobody */
};

struct agent_voice {
	const char *provider;
	const char *voice_id;
	const char *language; /* BCP 47 */
	double speed;         /* 1: as it is */
};

struct agent_overrides {
	struct agent_override of[CHANNEL_N];
};

struct agent_properties {
	struct agent_delivery sms;
	struct agent_delivery text;
	struct agent_email email;
	struct agent_telephone telephone;
	struct agent_webrtc webrtc;
};

struct agent_config {
	int kind; /* enum agent_kind */
	const char *name;
	const char *instructions;
	const char *model; /* NULL: the account's */
	double temperature;
	const char *tools; /* JSON array of ids, names or definitions */
	const char *pathway_id;
	const char *pathway_version;
	const char *start_node_id;
	const char *starting_message; /* NULL: the user speaks first */
	const char *variables;        /* JSON object */
	const char *timezone;
	struct silence silence;
	int timeout_action; /* enum timeout_action */
	const char *summary_prompt;
	const char *outcome_ids;         /* JSON array of texts */
	const char *citation_schema_ids; /* JSON array of texts */
	const char *webhook;
	double debounce; /* seconds */
	struct agent_voice voice;
	int64_t max_tool_steps; /* of a turn */
	struct agent_overrides overrides;
	struct agent_properties properties;
};

extern const struct schema agent_config_schema;

/* What one has that says nothing. */
void agent_config_init(struct agent_config *config);

/* What must hold between fields; `path` is "" or the document's JSON
 * Pointer.  INVALID, with faults. */
enum outcome agent_config_check(const struct agent_config *config,
    struct reader *reader, const char *path) MUSTCHECK;

/* A document as a client sent it, over the defaults and checked; unknown
 * fields are warned about.  What it refers to is for store/reference.
 * INVALID, with faults. */
enum outcome agent_config_parse(struct reader *reader,
    struct json_object *document, const char *path,
    struct agent_config *config) MUSTCHECK;

/* One that is stored.  What was stored under other limits is read as far as
 * it can be.  INVALID: it is no object. */
enum outcome agent_config_read(struct arena *arena, const char *text,
    struct agent_config *config) MUSTCHECK;

/* The same on one channel: its instructions, starting_message and
 * max_tool_steps are what holds there. */
struct agent_config agent_config_for(struct arena *arena,
    const struct agent_config *config, enum channel channel);

/* How words are delivered on a channel, borrowed from the config. */
const struct agent_delivery *agent_config_delivery(
    const struct agent_config *config, enum channel channel);

#endif
