/*
 * Reading a node: all that people write into its data.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "model/pathway_node.h"

#include "tap.h"

static struct json_object *
parse(struct arena *arena, const char *text)
{
	struct json_object *tree = NULL;
	struct json_fault fault;

	if (json_parse(arena, text, strlen(text), &tree, &fault) != OK)
		printf("# %s: %s\n", fault.what, text);
	return tree;
}

static struct node
read(struct arena *arena, const char *type, const char *data)
{
	struct pathway_fault faults[4];
	struct pathway_reading reading = { arena, faults, 0, COUNT(faults) };
	struct node node = { .id = "n" };

	pathway_node_read(&reading,
	    parse(arena, arena_format(arena, "{\"type\":\"%s\",\"data\":%s}",
			     type, data)),
	    "/nodes/0", &node);
	return node;
}

static void
test_types(struct arena *arena)
{
	int kind;

	for (kind = 0; kind < NODE_UNKNOWN; kind++)
		is_int(
		    read(arena, names_text(&node_kind_names, kind), "{}").kind,
		    kind, "%s is known", names_text(&node_kind_names, kind));
	is_int(read(arena, "Transfer Node", "{}").kind, NODE_TRANSFER_CALL,
	    "so is another word for one");
	is_int(read(arena, "end call", "{}").kind, NODE_END, "in any case");
	is_int(read(arena, "Magic", "{}").kind, NODE_UNKNOWN, "others are not");
}

static void
test_data(struct arena *arena)
{
	struct node node = read(arena, "Default",
	    "{\"name\":\"N\",\"text\":\" \",\"prompt\":\"P\","
	    "\"condition\":\"C\",\"isGlobal\":\"true\","
	    "\"enableGlobalAutoReturn\":false,\"globalLabel\":\"G\","
	    "\"tag\":{\"name\":\"T\",\"color\":\"#1\"},"
	    "\"modelOptions\":{\"temperature\":\"3\",\"modelName\":\"m\","
	    "\"skipUserResponse\":true},\"extractVars\":"
	    "[[\"a\",\"Integer\",\"x\"],[\"b\"],{\"name\":\"c\"},7,"
	    "[\"bland-prompt\",\"string\",\"hint\"]]}");
	const struct extract *extracts = node.extracts.items;

	ok(node.text == NULL, "a blank text is none");
	is_text(node.prompt, "P", "a prompt is read");
	is_text(node.condition, "C", "and a condition");
	ok(node.is_global && !node.returns, "and flags in any form");
	is_text(node.tag, "T", "and a tag");
	ok(node.temperature > 1.99 && node.temperature < 2.01,
	    "a temperature has its limits");
	is_text(node.model, "m", "a model may be named");
	ok(node.skips, "the user need not answer");
	is_int((int64_t)node.extracts.count, 3, "variables are read");
	is_text(extracts[0].type, "integer", "with their types");
	is_text(extracts[1].type, "string", "or text without one");
	is_text(node.extract_hint, "hint", "bland-prompt is for all of them");
}

static void
test_examples(struct arena *arena)
{
	static const char *const encodings[] = {
		"[{\"role\":\"user\",\"content\":\"hi\"}]",
		"\"[{\\\"role\\\":\\\"user\\\","
		"\\\"content\\\":\\\"hi\\\"}]\"",
	};
	const struct example *examples;
	struct node node;
	size_t i;

	for (i = 0; i < COUNT(encodings); i++) {
		node = read(arena, "Default",
		    arena_format(arena,
			"{\"dialogueExamples\":[{\"Conversation History\":%s,"
			"\"Assistant Response\":\"Moin\"},7,{}]}",
			encodings[i]));
		examples = node.examples[EXAMPLE_DIALOGUE].items;
		is_int((int64_t)node.examples[EXAMPLE_DIALOGUE].count, 1,
		    "an example is read");
		is_text(examples[0].conversation,
		    "[{\"role\":\"user\",\"content\":\"hi\"}]",
		    "however it is encoded");
	}
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_types(arena);
	test_data(arena);
	test_examples(arena);
	arena_free(arena);
	return done();
}
