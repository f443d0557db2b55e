/*
 * A node as its document has it, without its edges: model/pathway_read in
 * two parts, this between them.
 */
#ifndef PARLEY_MODEL_PATHWAY_NODE_H
#define PARLEY_MODEL_PATHWAY_NODE_H

#include "model/pathway.h"

struct arena;
struct json_object;

/* What a reading collects. */
struct pathway_reading {
	struct arena *arena;
	struct pathway_fault *faults;
	size_t fault_count;
	size_t fault_most;
};

void pathway_fault_add(struct pathway_reading *reading, const char *field,
    const char *format, ...) PRINTF(3, 4);

/* A member that is a text with something in it, or a number as its text; of
 * several names the first that has one.  NULL: none. */
const char *pathway_text(
    struct arena *arena, struct json_object *object, const char *const *names);

/* true, "true", or what is said for neither. */
bool pathway_flag(struct json_object *object, const char *name, bool otherwise);

/* A member of this type, or one within a text; NULL: none. */
struct json_object *pathway_member(struct arena *arena,
    struct json_object *object, const char *name, int type);

/* Fills in all of a node but its edges and routes. */
void pathway_node_read(struct pathway_reading *reading,
    struct json_object *document, const char *field, struct node *node);

/* The request of a webhook; NULL: it has none. */
const struct tool *pathway_webhook_read(struct pathway_reading *reading,
    struct json_object *data, const char *field, const char *name);

/* The same of a Scheduling node: what it asks its calendar.  A document that
 * is sent says from when on, and the answer has the slots. */
const struct tool *pathway_schedule_read(struct pathway_reading *reading,
    struct json_object *data, const char *field, const char *name);

#endif
