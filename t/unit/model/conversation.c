/*
 * What a key without conversations:read_sensitive may see, and what stands
 * in a conversation's document.
 */
#include "base/base.h"

#include "model/conversation.h"

#include "base/arena.h"
#include "base/json.h"
#include "model/field.h"

#include <string.h>

#include "tap.h"

#define WORDS "what was said"

static const char *
text_of(struct arena *arena, const struct schema *schema,
    const struct conversation *conversation)
{
	return json_text(
	    arena, json_own(arena, field_write(arena, schema, conversation)));
}

static struct conversation
sample(void)
{
	return (struct conversation){
		.id = id_new(),
		.account_id = id_new(),
		.pair = { 0, "+15550002222", "+15550001111" },
		.is_active = true,
		.position = { "pathway", "3", "node" },
		.variables = "{\"a\":\"" WORDS "\"}",
		.metadata = "{\"b\":\"" WORDS "\"}",
		.objective = WORDS,
		.last_message = WORDS,
		.summary = WORDS,
		.citation_variables = "{\"c\":\"" WORDS "\"}",
		.human_handoff_reason = WORDS,
		.human_handoff_metadata = "{\"d\":\"" WORDS "\"}",
	};
}

/* What is known, what is given and by whom, and what comes of it. */
/* clang-format off */
static const struct {
	const char *known, *metadata, *actor, *wanted, *name;
} handoffs[] = {
	{ NULL, NULL, NULL, "{\"source\":\"api\",\"actor\":null}",
	    "nothing is given" },
	{ NULL, "{\"a\":1}", "kim",
	    "{\"a\":1,\"source\":\"api\",\"actor\":\"kim\"}",
	    "everything is" },
	{ NULL, "{\"source\":\"x\",\"actor\":\"lee\"}", NULL,
	    "{\"source\":\"api\",\"actor\":\"lee\"}",
	    "the source is ours, the actor may be among the metadata" },
	{ NULL, "{\"actor\":\"lee\"}", "kim",
	    "{\"actor\":\"kim\",\"source\":\"api\"}",
	    "who is named beside them wins" },
	{ "{\"a\":1,\"source\":\"agent\",\"actor\":\"kim\"}",
	    "{\"b\":2}", NULL,
	    "{\"a\":1,\"source\":\"api\",\"actor\":\"kim\",\"b\":2}",
	    "what was known stays" },
};
/* clang-format on */

static void
test_handoff(struct arena *arena)
{
	struct conversation conversation = { .is_active = true };
	size_t i;

	for (i = 0; i < COUNT(handoffs); i++) {
		conversation.human_handoff_metadata = handoffs[i].known;
		is_text(conversation_handoff_metadata(arena, &conversation,
			    handoffs[i].metadata, handoffs[i].actor),
		    handoffs[i].wanted, "a handoff: %s", handoffs[i].name);
	}
	conversation.human_handoff_metadata = "{}";
	conversation_note(arena, &conversation, "resumed_by", "kim");
	is_text(conversation.human_handoff_metadata, "{}",
	    "where no person has it nothing is noted");
	conversation.human_handoff_at = 1;
	conversation_note(arena, &conversation, "resumed_by", NULL);
	is_text(conversation.human_handoff_metadata, "{}", "nor is no word");
	conversation_note(arena, &conversation, "resumed_by", "kim");
	is_text(conversation.human_handoff_metadata, "{\"resumed_by\":\"kim\"}",
	    "else a word is");
}

int
main(void)
{
	struct arena *arena = arena_new();
	struct conversation conversation = sample();
	const char *text;

	text = text_of(arena, &conversation_schema, &conversation);
	ok(strstr(text, WORDS) != NULL, "a conversation shows what was said");
	ok(strstr(text, "\"status\":\"open\"") != NULL,
	    "and its status, which is open at first");
	conversation_redact(&conversation);
	text = text_of(arena, &conversation_schema, &conversation);
	ok(strstr(text, WORDS) == NULL,
	    "redacted it shows nothing that was said or learnt");
	ok(strstr(text, "+15550002222") != NULL && strstr(text, "node") != NULL,
	    "but who speaks, and where it stands");
	ok(strstr(text, "\"last_message\":null") != NULL,
	    "its members are all there");
	text = text_of(arena, &conversation_state_schema, &conversation);
	ok(strstr(text, "\"is_active\":true") != NULL &&
		strstr(text, "+15550002222") == NULL,
	    "its state is a smaller document");
	test_handoff(arena);
	arena_free(arena);
	return done();
}
