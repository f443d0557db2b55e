/*
 * What the official client keeps in a file becomes the document that it
 * would push.
 */
#include "base/base.h"

#include "command/pathway_file.h"

#include "base/arena.h"
#include "base/json.h"
#include "command/yaml.h"
#include "tap.h"

#include <string.h>

static const struct {
	const char *yaml, *json, *name;
} cases[] = {
	{ "name: N\nnodes: {a: {prompt: P}, b: {type: End Call}}\n",
	    "{\"name\":\"N\",\"nodes\":[{\"id\":\"a\",\"data\":{\"name\":\"a\","
	    "\"prompt\":\"P\",\"type\":\"Default\",\"isStart\":true},"
	    "\"type\":\"Default\"},{\"id\":\"b\",\"data\":{\"name\":\"b\","
	    "\"type\":\"End Call\"},\"type\":\"End Call\"}],\"edges\":[]}",
	    "nodes have their names as ids, and the first one is the start" },
	{ "nodes: {a: {edges: [{target: a, label: L, description: D},"
	  " {target: b, condition: C}]}}\n",
	    "{\"name\":null,\"nodes\":[{\"id\":\"a\",\"data\":{\"name\":\"a\","
	    "\"type\":\"Default\",\"isStart\":true},\"type\":\"Default\"}],"
	    "\"edges\":[{\"id\":\"a/1\",\"source\":\"a\",\"target\":\"a\","
	    "\"data\":{\"target\":\"a\",\"label\":\"L\",\"description\":\"D\"},"
	    "\"label\":\"L\"},{\"id\":\"a/2\",\"source\":\"a\",\"target\":"
	    "\"b\",\"data\":{\"target\":\"b\",\"condition\":\"C\"},"
	    "\"label\":\"C\"}]}",
	    "edges stand beside the nodes, even those that lead nowhere" },
	{ "global: {prompt: G}\nnodes: {a: {}}\n",
	    "{\"name\":null,\"nodes\":[{\"globalConfig\":{\"globalPrompt\":"
	    "\"G\"}},{\"id\":\"a\",\"data\":{\"name\":\"a\",\"type\":"
	    "\"Default\",\"isStart\":true},\"type\":\"Default\"}],"
	    "\"edges\":[]}",
	    "the global prompt is a node of its own" },
	{ "nodes:\n  a:\n    is_global: true\n    global_label: L\n"
	  "    knowledge_base_id: K\n    number: '1'\n"
	  "    extract_variables: [{name: n, type: t, description: d},"
	  " [x, y, z]]\n    extract_var_settings: {use_audio: true}\n"
	  "    more: 1\n",
	    "{\"name\":null,\"nodes\":[{\"id\":\"a\",\"data\":{\"name\":\"a\","
	    "\"isGlobal\":true,\"globalLabel\":\"L\",\"kb\":\"K\","
	    "\"transferNumber\":\"1\",\"extractVars\":[[\"n\",\"t\",\"d\"],"
	    "[\"x\",\"y\",\"z\"]],\"extractVarSettings\":{\"useAudio\":true},"
	    "\"more\":1,\"type\":\"Default\",\"isStart\":true},"
	    "\"type\":\"Default\"}],\"edges\":[]}",
	    "members have their names in the document, others keep theirs" },
	{ "nodes: []\nedges: []\nmore: 1\n",
	    "{\"nodes\":[],\"edges\":[],\"more\":1}",
	    "a document is one already" },
	{ "nodes: 1", NULL, "a number is no pathway" },
	{ "[]", NULL, "nor is an array" },
	{ "", NULL, "nor nothing" },
	{ "nodes: {a: 1}", NULL, "nor one whose node is a number" },
};

int
main(void)
{
	struct arena *arena = arena_new();
	struct json_object *tree, *document;
	struct yaml_fault fault;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		if (yaml_parse(arena, cases[i].yaml, strlen(cases[i].yaml),
			&tree, &fault) != OK)
			return 1;
		document = pathway_file_document(arena, tree);
		is_text(document != NULL ? json_text(arena, document) : NULL,
		    cases[i].json, "%s", cases[i].name);
	}
	arena_free(arena);
	return done();
}
