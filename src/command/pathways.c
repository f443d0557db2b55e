#include "base/base.h"

#include "command/pathways.h"

#include "base/arena.h"
#include "base/fault.h"
#include "command/pathway_file.h"
#include "command/pathway_run.h"
#include "command/run.h"
#include "model/pathway.h"
#include "net/fetch.h"

#include <stdio.h>

/* Reads it, and tells what keeps it from running. */
static enum outcome
read_pathway(struct run *run, struct pathway **pathway)
{
	struct faults *faults = arena_alloc(run->arena, sizeof(*faults));
	const char *path = run->operands[0];
	struct json_object *document;
	enum outcome rc = pathway_file_read(run, path, &document);
	size_t i;

	faults_init(faults, run->arena);
	if (rc != OK)
		return rc;
	if (pathway_read(run->arena, document, pathway) != OK)
		return run_tell("%s: nodes and edges must be arrays", path);
	pathway_check(*pathway, faults);
	for (i = 0; i < faults->count; i++)
		rc = run_tell("%s: %s", path, faults->list[i].message);
	if (faults->count == FAULTS_MAX)
		rc = run_tell("%s: there may be more", path);
	return rc;
}

enum outcome
pathways_check(struct run *run)
{
	struct pathway *pathway;
	enum outcome rc = read_pathway(run, &pathway);

	if (rc == OK)
		(void)printf("%s: it can run: %zu nodes\n", run->operands[0],
		    pathway->nodes.count);
	return rc;
}

enum outcome
pathways_run(struct run *run)
{
	struct pathway *pathway;
	enum outcome rc = read_pathway(run, &pathway);

	if (rc == OK)
		rc = run_configure(run);
	if (rc == OK && fetch_open() != OK)
		rc = run_tell("libcurl cannot be used");
	if (rc != OK)
		return rc;
	rc = pathway_talk(run, pathway);
	fetch_close();
	return rc;
}
