/*
 * Why a pathway cannot run: every fault, by its node.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "model/pathway.h"

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

static struct pathway *
read(struct arena *arena, const char *text)
{
	struct pathway *pathway = NULL;

	if (pathway_read(arena, parse(arena, text), &pathway) != OK)
		printf("# it is no pathway: %s\n", text);
	return pathway;
}

static const char *
faults_of(struct arena *arena, const char *nodes, const char *edges)
{
	struct faults faults;
	const char *text = "";
	size_t i;

	faults_init(&faults, arena);
	pathway_check(
	    read(arena, arena_format(arena, "{\"nodes\":[%s],\"edges\":[%s]}",
			    nodes, edges)),
	    &faults);
	for (i = 0; i < faults.count; i++)
		text = arena_format(arena, "%s%s %s; ", text,
		    faults.list[i].field, faults.list[i].message);
	return text;
}

#define START "{\"id\":\"a\",\"data\":{\"isStart\":true}}"
#define NODE(type, data)                                                       \
	START ",{\"id\":\"b\",\"type\":\"" type "\",\"data\":{" data "}}"
#define TO_B "{\"id\":\"e\",\"source\":\"a\",\"target\":\"b\"}"
#define BACK ",{\"id\":\"f\",\"source\":\"b\",\"target\":\"a\"}"

static void
test_faults(struct arena *arena)
{
	static const struct {
		const char *nodes, *edges, *faults;
	} cases[] = {
		/* clang-format off */
		{ START, "", "" },
		{ NODE("End Call", ""), TO_B, "" },
		{ NODE("Default", ""), TO_B BACK, "" },
		{ NODE("Webhook", "\"url\":\"https://x\""), TO_B BACK, "" },
		{ "", "", "/nodes No node has isStart: true; " },
		{ NODE("Default", "\"isStart\":true"), "",
		    "/nodes/1 Node b: a pathway starts at one node, and another"
		    " one has isStart before it; /nodes/1 Node b: no edge and no"
		    " route leads to it from the start; " },
		{ NODE("Default", "\"isGlobal\":true"), "",
		    "/nodes/1 Node b: a global node needs a globalLabel that"
		    " says when it is gone to; " },
		{ NODE("Webhook", ""), TO_B BACK,
		    "/nodes/1 Node b: a Webhook needs a url; " },
		{ NODE("Webhook", "\"url\":\"ftp://x\""), TO_B BACK,
		    "/nodes/1 Node b: the url of a Webhook begins with"
		    " https://; " },
		{ NODE("Webhook", "\"url\":\"https://x\""), TO_B,
		    "/nodes/1 Node b: nothing leads on from it; " },
		{ NODE("Knowledge Base", ""), TO_B,
		    "/nodes/1 Node b: a Knowledge Base needs its text in kb; " },
		{ NODE("Transfer Pathway", ""), TO_B,
		    "/nodes/1 Node b: a Transfer Pathway needs the id of a"
		    " pathway; " },
		{ NODE("Custom Tool", ""), TO_B BACK,
		    "/nodes/1 Node b: a Custom Tool needs the name of its"
		    " tool; " },
		{ NODE("Press Button", "\"name\":\"B\""), TO_B,
		    "/nodes/1 Node b (B): Press Button: there are no keys to"
		    " press in a text conversation; " },
		/* clang-format on */
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		is_text(faults_of(arena, cases[i].nodes, cases[i].edges),
		    cases[i].faults, "the faults of %s", cases[i].nodes);
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_faults(arena);
	arena_free(arena);
	return done();
}
