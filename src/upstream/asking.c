#include "base/base.h"

#include "upstream/asking.h"

#include "base/arena.h"
#include "base/text.h"
#include "model/tool.h"
#include "model/turn.h"
#include "upstream/rest_tool.h"

static enum outcome
ask_model(const struct asking *asking, const struct turn_action *action,
    struct turn_event *event, struct asked *asked)
{
	const struct turn_question *question = &action->question;
	const struct completion_request request = {
		.messages = question->messages,
		.tools = question->tools,
		.schema = question->schema,
		.schema_name = question->schema_name,
		.model = question->model,
		.temperature = question->temperature,
		.most_tokens = question->most_tokens,
	};
	struct completion_answer answer;
	enum outcome rc = completion_ask(
	    asking->arena, asking->config, &asking->line, &request, &answer);

	if (rc != OK) {
		asked->reason = arena_format(
		    asking->arena, "%s: %s", answer.code, answer.reason);
		asked->retry_after = answer.retry_after;
		return rc;
	}
	asked->cost = (struct trace_cost){
		.model = answer.model,
		.finish_reason = answer.finish_reason,
		.prompt_tokens = answer.prompt_tokens,
		.completion_tokens = answer.completion_tokens,
		.elapsed = answer.elapsed,
	};
	*event = (struct turn_event){
		.kind = EVENT_MODEL_ANSWERED,
		.ask = action->ask,
		.text = answer.text,
		.tool_calls = answer.tool_calls,
	};
	return OK;
}

/* A model knows it by its function, a node by its name. */
static const struct tool *
find_tool(const struct asking *asking, const char *name)
{
	const struct tool *tools = asking->tools.items;
	size_t i;

	for (i = 0; i < asking->tools.count; i++)
		if (tool_is_called(&tools[i], name))
			return &tools[i];
	return NULL;
}

static void
note_request(const struct rest_tool_answer *answer, struct asked *asked)
{
	asked->request = answer->request;
	asked->trouble = answer->trouble;
	asked->cost.elapsed = answer->elapsed;
}

/* What is wrong with a request is told in its result. */
static void
call_tool(const struct asking *asking, const struct turn_action *action,
    struct json_object *variables, struct turn_event *event,
    struct asked *asked)
{
	const struct tool *tool = find_tool(asking, action->name);
	struct rest_tool_answer answer;
	struct json_object *input;

	*event = (struct turn_event){
		.kind = EVENT_TOOL_ANSWERED,
		.ask = action->ask,
		.fault = "there is no such tool",
	};
	if (tool == NULL || tool_read_input(asking->arena, tool,
				action->arguments, &input, &event->fault) != OK)
		return;
	if (rest_tool_call(asking->arena, asking->config, tool, input,
		variables, asking->secrets, &answer) == OK)
		event->status = answer.result.status;
	note_request(&answer, asked);
	event->fault = NULL;
	event->text = answer.result.text;
	event->variables = answer.result.variables;
}

/* The node reads the answer itself. */
static void
call_url(const struct asking *asking, const struct turn_action *action,
    struct turn_event *event, struct asked *asked)
{
	struct rest_tool_answer answer;
	enum outcome rc = rest_tool_call(asking->arena, asking->config,
	    action->request, NULL, action->variables, asking->secrets, &answer);

	*event = (struct turn_event){
		.kind = EVENT_URL_ANSWERED,
		.ask = action->ask,
		.text = answer.body,
		.status = answer.result.status,
		.fault = rc == OK ? NULL : answer.trouble,
	};
	note_request(&answer, asked);
}

enum outcome
asking_do(const struct asking *asking, const struct turn_action *action,
    struct json_object *variables, struct turn_event *event,
    struct asked *asked)
{
	*asked = (struct asked){ 0 };
	if (action->kind == ACTION_ASK_MODEL)
		return ask_model(asking, action, event, asked);
	if (action->kind == ACTION_CALL_URL)
		call_url(asking, action, event, asked);
	else
		call_tool(asking, action, variables, event, asked);
	return OK;
}
