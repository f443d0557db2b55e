/*
 * A conversation as it is shown, and what a key without
 * conversations:read_sensitive does not see of it.
 */
#include "base/base.h"

#include "model/conversation_view.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/when.h"
#include "model/channel.h"
#include "model/field.h"
#include "model/progress.h"
#include "model/transcript.h"

#include <json-c/json.h>
#include <string.h>

#include "tap.h"

#define WORDS "what was said"
#define ID "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"
#define AGENT "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5c"

#define SAFE                                                                     \
	"{\"id\":\"" ID "\",\"organization_id\":\"" ID "\","                     \
	"\"direction\":\"outbound\",\"channel\":\"text\","                       \
	"\"status\":\"completed\",\"user_id\":\"guest_1\",\"agent_id\":\"" AGENT \
	"\",\"agent_version_id\":null,\"agent\":{\"id\":\"" AGENT                \
	"\",\"name\":\"Kim\"},\"agent_number\":null,"                            \
	"\"web_widget_id\":null,\"trunk_id\":null,\"duration\":0,"               \
	"\"user_turn_count\":3,"                                                 \
	"\"created_at\":\"2026-11-21T09:00:00.000Z\","                           \
	"\"updated_at\":\"2026-11-21T09:00:00.000Z\""

static const char *
shown(struct arena *arena, const struct conversation *conversation,
    const char *agent_name, const struct transcript *transcript, bool sensitive)
{
	struct conversation_view view;

	conversation_view_fill(
	    arena, conversation, agent_name, transcript, sensitive, &view);
	return json_text(
	    arena, json_own(arena,
		       field_write(arena, &conversation_view_schema, &view)));
}

static struct conversation
sample(void)
{
	struct conversation made = {
		.pair = { CHANNEL_TEXT, "guest_1", "" },
		.direction = DIRECTION_OUTBOUND,
		.progress = PROGRESS_COMPLETED,
		.user_turn_count = 3,
		.summary = WORDS,
		.initial_context = WORDS,
		.metadata = "{\"a\":\"" WORDS "\"}",
		.subject = WORDS,
		.variables = "{\"a\":\"" WORDS "\"}",
	};

	ok(id_parse(ID, &made.id) == OK &&
		id_parse(AGENT, &made.agent_id) == OK &&
		when_parse("2026-11-21T09:00:00Z", &made.created_at) == OK,
	    "the test's ids and time are good");
	made.account_id = made.id;
	made.updated_at = made.created_at;
	return made;
}

static void
test_whole(struct arena *arena)
{
	struct conversation made = sample();
	const struct transcript none = { { NULL, 0 } };

	is_text(shown(arena, &made, "Kim", &none, true),
	    SAFE ",\"summary\":\"" WORDS "\",\"initial_context\":\"" WORDS
		 "\",\"custom_metadata\":{\"a\":\"" WORDS "\"},"
		 "\"conversation\":{\"turns\":[]},\"recording_details\":null}",
	    "all of it is shown");
	ok(strstr(shown(arena, &made, "Kim", NULL, true),
	       "\"conversation\":null") != NULL,
	    "a transcript that was not read is null");
}

static void
test_safe(struct arena *arena)
{
	struct conversation made = sample();
	const struct transcript none = { { NULL, 0 } };
	const char *text = shown(arena, &made, "Kim", &none, false);

	is_text(text, SAFE "}", "without the scope the rest is left out");
	ok(strstr(text, WORDS) == NULL, "and no word of it is there");
}

static void
test_absent(struct arena *arena)
{
	struct conversation made = sample();
	const char *text;

	made.is_active = true;
	made.progress = PROGRESS_IN_PROGRESS;
	made.agent_id = (struct id){ { 0 } };
	made.pair.agent = "+15550001111";
	text = shown(arena, &made, NULL, NULL, false);
	ok(strstr(text, "\"duration\":null") != NULL,
	    "what goes on has no duration");
	ok(strstr(text, "\"agent_id\":null") != NULL &&
		strstr(text, "\"agent\":null") != NULL,
	    "where there is no agent, there is null");
	ok(strstr(text, "\"agent_number\":\"+15550001111\"") != NULL,
	    "a number is shown");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_whole(arena);
	test_safe(arena);
	test_absent(arena);
	arena_free(arena);
	return done();
}
