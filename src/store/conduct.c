#include "base/base.h"

#include "store/conduct.h"

#include "base/arena.h"
#include "model/conversation.h"
#include "store/agent_version.h"
#include "store/number.h"

void
conduct_of_agent(struct arena *arena, const struct agent_config *config,
    enum channel channel, struct conduct *conduct)
{
	struct agent_config *agent = arena_alloc(arena, sizeof(*agent));
	struct number_config *to = &conduct->config;

	*agent = agent_config_for(arena, config, channel);
	number_config_init(to);
	if (agent->instructions != NULL)
		to->objective = agent->instructions;
	if (agent->variables != NULL)
		to->request_data = agent->variables;
	if (agent->tools != NULL)
		to->tools = agent->tools;
	to->temperature = agent->temperature;
	to->pathway_id = agent->pathway_id;
	to->pathway_version = agent->pathway_version;
	to->start_node_id = agent->start_node_id;
	to->timezone = agent->timezone;
	to->silence = agent->silence;
	to->timeout_action = agent->timeout_action;
	to->summary_prompt = agent->summary_prompt;
	to->disposition_ids = agent->outcome_ids;
	to->citation_schema_ids = agent->citation_schema_ids;
	to->webhook = agent->webhook;
	to->debounce = agent->debounce;
	conduct->agent = agent;
	conduct->opted_out = false;
}

static enum outcome
find_version(struct db *db, struct arena *arena,
    const struct conversation *conversation, struct conduct *conduct)
{
	struct agent_version version;
	struct agent_config config;
	enum outcome rc =
	    agent_version_find(db, arena, &conversation->account_id,
		&conversation->agent_version_id, &version);

	if (rc == OK)
		rc = agent_config_read(arena, version.config, &config);
	if (rc == INVALID)
		rc = NOT_FOUND;
	if (rc == OK)
		conduct_of_agent(arena, &config,
		    (enum channel)conversation->pair.channel, conduct);
	return rc;
}

enum outcome
conduct_find(struct db *db, struct arena *arena,
    const struct conversation *conversation, struct conduct *conduct)
{
	if (!id_is_none(&conversation->agent_version_id))
		return find_version(db, arena, conversation, conduct);
	conduct->agent = NULL;
	return number_config_find_for(db, arena, &conversation->account_id,
	    &conversation->pair, &conduct->config, &conduct->opted_out);
}
