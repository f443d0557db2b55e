#include "base/base.h"

#include "command/pathway_file.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "command/run.h"
#include "command/yaml.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

/* What a member of a node is called in the document's `data`; a member that
 * is not here keeps its name. */
static const struct {
	const char *file, *document;
} members[] = {
	{ "is_global", "isGlobal" },
	{ "global_label", "globalLabel" },
	{ "global_description", "globalDescription" },
	{ "enable_global_auto_return", "enableGlobalAutoReturn" },
	{ "enable_return_to_prev_before_global",
	    "enableReturnToPrevBeforeGlobal" },
	{ "prev_node_pathway_label", "prevNodePathwayLabel" },
	{ "prev_node_pathway_description", "prevNodePathwayDescription" },
	{ "dialogue_examples", "dialogueExamples" },
	{ "condition_examples", "conditionExamples" },
	{ "pathway_examples", "pathwayExamples" },
	{ "extract_variables", "extractVars" },
	{ "extract_var_settings", "extractVarSettings" },
	{ "ignore_previous", "ignorePrevious" },
	{ "use_audio", "useAudio" },
	{ "model_options", "modelOptions" },
	{ "number", "transferNumber" },
	{ "knowledge_base_id", "kb" },
	{ "kb_tool", "kbTool" },
	{ "speech_during_kb", "speechDuringKBPrompt" },
};

static void
add(struct json_object *object, const char *name, struct json_object *value)
{
	(void)json_object_object_add(object, name, value);
}

static struct json_object *
get(struct json_object *object, const char *name)
{
	return json_object_is_type(object, json_type_object)
		   ? json_object_object_get(object, name)
		   : NULL;
}

static const char *
document_name(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(members); i++)
		if (strcmp(name, members[i].file) == 0)
			return members[i].document;
	return name;
}

/* {name, type, description} becomes [name, type, description]. */
static struct json_object *
variables_of(struct json_object *list)
{
	static const char *const parts[] = { "name", "type", "description" };
	struct json_object *all, *one, *item;
	size_t i, part;

	if (!json_object_is_type(list, json_type_array))
		return json_object_get(list);
	all = json_object_new_array();
	for (i = 0; i < json_object_array_length(list); i++) {
		item = json_object_array_get_idx(list, i);
		one = json_object_is_type(item, json_type_object)
			  ? json_object_new_array()
			  : json_object_get(item);
		for (part = 0; part < COUNT(parts) && one != item; part++)
			(void)json_object_array_add(
			    one, json_object_get(get(item, parts[part])));
		(void)json_object_array_add(all, one);
	}
	return all;
}

static struct json_object *
settings_of(struct json_object *settings)
{
	struct json_object *renamed;

	if (!json_object_is_type(settings, json_type_object))
		return json_object_get(settings);
	renamed = json_object_new_object();
	json_object_object_foreach(settings, name, value)
	{
		add(renamed, document_name(name), json_object_get(value));
	}
	return renamed;
}

static struct json_object *
data_of(const char *id, struct json_object *node, bool is_first)
{
	struct json_object *data = json_object_new_object();

	add(data, "name", json_string(id));
	json_object_object_foreach(node, name, value)
	{
		if (strcmp(name, "edges") == 0)
			continue;
		if (strcmp(name, "extract_variables") == 0)
			add(data, document_name(name), variables_of(value));
		else if (strcmp(name, "extract_var_settings") == 0)
			add(data, document_name(name), settings_of(value));
		else
			add(data, document_name(name), json_object_get(value));
	}
	if (get(data, "type") == NULL)
		add(data, "type", json_string("Default"));
	if (is_first)
		add(data, "isStart", json_object_new_boolean(true));
	return data;
}

/* `condition` is what older files call an edge's label. */
static void
add_edges(
    struct json_object *edges, const char *source, struct json_object *list)
{
	struct arena *arena = arena_new();
	struct json_object *edge, *item, *label;
	size_t i, count = json_object_is_type(list, json_type_array)
			      ? json_object_array_length(list)
			      : 0;

	for (i = 0; i < count; i++) {
		item = json_object_array_get_idx(list, i);
		label = get(item, "label");
		edge = json_object_new_object();
		add(edge, "id",
		    json_string(arena_format(arena, "%s/%zu", source, i + 1)));
		add(edge, "source", json_string(source));
		add(edge, "target", json_object_get(get(item, "target")));
		add(edge, "data", json_object_get(item));
		add(edge, "label",
		    json_object_get(
			label != NULL ? label : get(item, "condition")));
		(void)json_object_array_add(edges, edge);
	}
	arena_free(arena);
}

static void
add_global(struct json_object *nodes, struct json_object *prompt)
{
	struct json_object *node, *config;

	if (prompt == NULL)
		return;
	node = json_object_new_object();
	config = json_object_new_object();
	add(config, "globalPrompt", json_object_get(prompt));
	add(node, "globalConfig", config);
	(void)json_object_array_add(nodes, node);
}

struct json_object *
pathway_file_document(struct arena *arena, struct json_object *file)
{
	struct json_object *given = get(file, "nodes");
	struct json_object *document, *nodes, *edges, *node;
	bool is_first = true;

	if (json_object_is_type(given, json_type_array))
		return file;
	if (!json_object_is_type(given, json_type_object))
		return NULL;
	document = json_own(arena, json_object_new_object());
	add(document, "name", json_object_get(get(file, "name")));
	add(document, "nodes", nodes = json_object_new_array());
	add(document, "edges", edges = json_object_new_array());
	add_global(nodes, get(get(file, "global"), "prompt"));
	json_object_object_foreach(given, id, value)
	{
		if (!json_object_is_type(value, json_type_object))
			return NULL;
		node = json_object_new_object();
		add(node, "id", json_string(id));
		add(node, "data", data_of(id, value, is_first));
		add(node, "type",
		    json_object_get(get(get(node, "data"), "type")));
		(void)json_object_array_add(nodes, node);
		add_edges(edges, id, get(value, "edges"));
		is_first = false;
	}
	return document;
}

/* --- The file. */

static enum outcome
read_bytes(
    struct run *run, const char *path, const char **bytes, size_t *length)
{
	FILE *file = fopen(path, "re");
	char *read;
	bool failed;

	if (file == NULL)
		return run_tell("%s: %s", path, strerror(errno));
	read = arena_alloc(run->arena, PATHWAY_FILE_MOST + 1);
	*length = fread(read, 1, PATHWAY_FILE_MOST + 1, file);
	failed = ferror(file) != 0;
	(void)fclose(file);
	if (failed)
		return run_tell("%s cannot be read", path);
	if (*length > PATHWAY_FILE_MOST)
		return run_tell(
		    "%s has more than %d bytes", path, PATHWAY_FILE_MOST);
	*bytes = read;
	return OK;
}

static enum outcome
parse(struct run *run, const char *path, const char *bytes, size_t length,
    struct json_object **tree)
{
	struct json_fault json;
	struct yaml_fault yaml;
	size_t end = strlen(path);

	if (end >= 5 && text_equal_nocase(path + end - 5, ".json")) {
		if (json_parse(run->arena, bytes, length, tree, &json) == OK)
			return OK;
		return run_tell("%s: line %zu, column %zu: %s", path, json.line,
		    json.column, json.what);
	}
	if (yaml_parse(run->arena, bytes, length, tree, &yaml) == OK)
		return OK;
	return run_tell("%s: line %zu, column %zu: %s", path, yaml.line,
	    yaml.column, yaml.what);
}

enum outcome
pathway_file_read(
    struct run *run, const char *path, struct json_object **document)
{
	const char *bytes = "";
	size_t length = 0;
	struct json_object *tree;
	enum outcome rc = read_bytes(run, path, &bytes, &length);

	if (rc == OK)
		rc = parse(run, path, bytes, length, &tree);
	if (rc != OK)
		return rc;
	*document = pathway_file_document(run->arena, tree);
	if (*document == NULL)
		return run_tell("%s: it has no nodes: an object of them by"
				" their names, or an array with edges beside"
				" it",
		    path);
	return OK;
}
