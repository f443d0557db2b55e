#include "base/base.h"

#include "upstream/asking.h"

#include "base/arena.h"
#include "base/text.h"
#include "model/tool.h"
#include "model/turn.h"
#include "upstream/rest_tool.h"

static enum outcome
ask_model(const struct asking *asking, const struct turn_action *action,
    struct turn_event *event, const char **reason)
{
	const struct turn_question *question = &action->question;
	const struct completion_request request = {
		.messages = question->messages,
		.tools = question->tools,
		.schema = question->schema,
		.schema_name = question->schema_name,
		.temperature = question->temperature,
		.most_tokens = question->most_tokens,
	};
	struct completion_answer answer;
	enum outcome rc = completion_ask(
	    asking->arena, asking->config, &asking->line, &request, &answer);

	if (rc != OK) {
		*reason = arena_format(
		    asking->arena, "%s: %s", answer.code, answer.reason);
		return rc;
	}
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
		if (text_equal(tools[i].function, name) ||
		    text_equal(tools[i].name, name))
			return &tools[i];
	return NULL;
}

/* What is wrong with a request is told in its result. */
static void
call_tool(const struct asking *asking, const struct turn_action *action,
    struct json_object *variables, struct turn_event *event)
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
	event->fault = NULL;
	event->text = answer.result.text;
	event->variables = answer.result.variables;
}

/* The node reads the answer itself. */
static void
call_url(const struct asking *asking, const struct turn_action *action,
    struct turn_event *event)
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
}

enum outcome
asking_do(const struct asking *asking, const struct turn_action *action,
    struct json_object *variables, struct turn_event *event,
    const char **reason)
{
	if (action->kind == ACTION_ASK_MODEL)
		return ask_model(asking, action, event, reason);
	if (action->kind == ACTION_CALL_URL)
		call_url(asking, action, event);
	else
		call_tool(asking, action, variables, event);
	return OK;
}
