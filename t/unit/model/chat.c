/*
 * What is said in a chat, in and out.
 */
#include "base/base.h"

#include "model/chat.h"

#include "base/arena.h"
#include "tap.h"

int
main(void)
{
	struct arena *arena = arena_new();
	const struct chat_line *lines;
	const char *history;
	struct list list;

	history = chat_add(arena, "[]", CHAT_USER, "Hi \"you\"");
	history = chat_add(arena, history, CHAT_ASSISTANT, "Hello");
	is_text(history,
	    "[{\"role\":\"user\",\"content\":\"Hi \\\"you\\\"\"},"
	    "{\"role\":\"assistant\",\"content\":\"Hello\"}]",
	    "a line goes behind those that are there");
	list = chat_read(arena, history);
	lines = list.items;
	is_int((int64_t)list.count, 2, "all of them are read");
	is_text(lines[0].content, "Hi \"you\"", "with their words");
	is_text(lines[1].role, "assistant", "and who said them");
	list = chat_read(
	    arena, "[1,{\"role\":\"user\"},{\"role\":1,\"content\":\"x\"}]");
	is_int((int64_t)list.count, 0, "what is no line is passed over");
	is_int((int64_t)chat_read(arena, "{}").count, 0,
	    "what is no array has none");
	is_int((int64_t)chat_read(arena, "[").count, 0, "nor has no JSON");
	is_text(chat_add(arena, "", CHAT_USER, "x"),
	    "[{\"role\":\"user\",\"content\":\"x\"}]",
	    "but a line can be put into it");
	arena_free(arena);
	return done();
}
