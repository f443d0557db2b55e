/*
 * Tools: requests by HTTP that an agent may make while it talks.
 *
 * One is defined by a document, in one of three ways: by /v2/tools (with
 * `integration` and `action`), by /v1/tools (with `method`), or in place,
 * among the tools of a number.  The document is kept as it was given, and
 * read into the same struct whichever it is.  The model is told a function
 * of it, fills in an input, and from the input the request is made
 * (model/tool_request); what was answered becomes variables and words for the
 * model (model/tool_result).
 *
 * Texts of the request are templates (model/template): {{input.name}},
 * {{variable}}, and here alone {{SECRET.NAME}}.
 */
#ifndef PARLEY_MODEL_TOOL_H
#define PARLEY_MODEL_TOOL_H

#include "base/base.h"
#include "base/names.h"
#include "model/field.h"

#define TOOL_PREFIX "TL-"        /* of its id, before a UUID */
#define TOOL_DOCUMENT_MOST 65536 /* bytes */
#define TOOL_FUNCTION_MOST 64    /* characters of a function's name */
#define TOOL_TIMEOUT 10000       /* milliseconds, where it does not say */
#define TOOL_TIMEOUT_LEAST 1000
#define TOOL_TIMEOUT_MOST 60000
#define TOOL_INTEGRATION "rest_api"

struct arena;
struct faults;
struct json_object;

enum tool_method {
	TOOL_GET,
	TOOL_POST,
	TOOL_PUT,
	TOOL_PATCH,
	TOOL_DELETE,
	TOOL_METHOD_N
};

enum tool_auth_kind {
	AUTH_NONE,
	AUTH_BEARER,
	AUTH_BASIC,
	AUTH_API_KEY,
	AUTH_N
};

extern const struct names tool_method_names; /* "GET" */
extern const struct names tool_action_names; /* "get" */
extern const struct names tool_auth_names;

struct tool_auth {
	int kind; /* enum tool_auth_kind */
	const char *token;
	const char *username;
	const char *password;
	const char *header; /* of api_key; NULL: X-API-Key */
};

/* A variable that is set from the answer. */
struct tool_output {
	const char *name;
	const char *data;    /* where it is: model/json_path */
	const char *context; /* what it is, in words; NULL: not said */
};

struct tool {
	/* Its row; of one that was given in place, only the name. */
	const char *id;
	const char *name;
	const char *document;
	int64_t created_at;

	/* What the document says. */
	const char *description;
	const char *integration; /* NULL: not by /v2/tools */
	const char *action;
	const char *given_method;
	const char *url;
	const char *headers; /* JSON object, as the three below; or NULL */
	const char *query;
	const char *body; /* JSON object or string */
	const char *given_schema;
	struct tool_auth auth;
	const char *speech; /* said meanwhile; NULL: nothing */
	const char *response;
	struct list response_data; /* struct tool_output */
	bool cache;
	int64_t timeout;     /* milliseconds; 0: TOOL_TIMEOUT */
	int64_t max_retries; /* -1: not said */
	int64_t cooldown;    /* seconds; 0: not said */
	const char *resource_id;
	const char *label;
	bool is_public;

	/* What follows from that. */
	int method;                 /* enum tool_method */
	struct json_object *schema; /* of the input: an object's */
	struct list outputs;        /* struct tool_output, of either sort */
	bool takes_all; /* without any: {{data}} is the whole answer */

	/* Its name for the model, where tool_name_all gave it one. */
	const char *function;
};

/* What may be sent to each route: to make one, and to change one. */
extern const struct schema tool_request_schema;
extern const struct schema tool_patch_schema;
extern const struct schema legacy_tool_request_schema;
extern const struct schema legacy_tool_patch_schema;

/* Before a reading: what holds for a document that says nothing. */
void tool_init(struct tool *tool);

/* Reads a definition of any sort into `tool`, which keeps its row, and
 * checks all that must hold.  `path` is "" or the document's JSON Pointer.
 * INVALID, with faults. */
enum outcome tool_read(struct reader *reader, struct json_object *document,
    const char *path, struct tool *tool) MUSTCHECK;

/* Gives each its name for the model: of a-z, A-Z, 0-9, "_" and "-", not too
 * long, and no two the same. */
void tool_name_all(struct arena *arena, struct tool *tools, size_t count);

/* Is this its name, its id or its function's name? */
bool tool_is_called(const struct tool *tool, const char *name);

/* The function that the model is told, as JSON: name, description,
 * parameters. */
const char *tool_function(struct arena *arena, const struct tool *tool);

/* Reads what the model filled in.  INVALID: it is not what the schema asks
 * for, and `fault` says to the model why. */
enum outcome tool_read_input(struct arena *arena, const struct tool *tool,
    const char *text, struct json_object **input, const char **fault) MUSTCHECK;

/* The document as /v2/tools and /v1/tools show it, as JSON, whichever it was
 * given to.  The older one shows it laid out beside the id, where the
 * official client looks for it, and whole as `tool`. */
const char *tool_show(struct arena *arena, const struct tool *tool);
const char *tool_show_legacy(struct arena *arena, const struct tool *tool);

#endif
