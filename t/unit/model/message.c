/*
 * A message's document, and the order of its statuses.
 */
#include "base/base.h"

#include "model/message.h"

#include "base/arena.h"
#include "base/json.h"
#include "model/field.h"

#include <string.h>

#include "tap.h"

int
main(void)
{
	struct arena *arena = arena_new();
	struct message message = {
		.id = id_new(),
		.sender = SENDER_AGENT,
		.text = "as it was\n sent",
		.from = "+15550001111",
		.to = "+15550002222",
		.segments = 1,
	};
	const char *text = json_text(arena,
	    json_own(arena, field_write(arena, &message_schema, &message)));

	ok(strstr(text, "\"message\":\"as it was\\n sent\"") != NULL,
	    "a message shows its words as they were sent");
	ok(strstr(text, "\"text\":\"as it was\\n sent\"") != NULL,
	    "under both of their names");
	ok(strstr(text, "\"sender\":\"AGENT\"") != NULL, "who said them");
	ok(strstr(text, "\"status\":null") != NULL,
	    "and no status when it never left");
	ok(MESSAGE_STORED < MESSAGE_PENDING && MESSAGE_PENDING < MESSAGE_QUEUED,
	    "what waits ranks lowest");
	ok(MESSAGE_QUEUED < MESSAGE_SENT && MESSAGE_SENT < MESSAGE_DELIVERED &&
		MESSAGE_DELIVERED < MESSAGE_READ,
	    "then what a carrier reports, in its order");
	ok(MESSAGE_READ < MESSAGE_FAILED && MESSAGE_READ < MESSAGE_UNDELIVERED,
	    "and what failed ranks above all");
	arena_free(arena);
	return done();
}
