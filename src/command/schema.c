#include "base/base.h"

#include "command/schema.h"

#include "base/buf.h"
#include "command/run.h"
#include "db/migrate.h"

#include <stdio.h>

#define REPORT_MOST 65536
#define SCHEMA_MOST (4 << 20)

static enum outcome print_schema(struct run *run);

enum outcome
schema_migrate(struct run *run)
{
	struct buf report;
	enum outcome rc;

	if (run_value(run, "schema") != NULL)
		return print_schema(run);
	rc = run_configure(run);
	if (rc != OK)
		return rc;
	buf_init(&report, run->arena, REPORT_MOST);
	rc = migrate_run(run->arena, &run->config, &report);
	if (rc == OK) {
		(void)fputs(
		    report.length > 0 ? buf_text(&report) : "up to date\n",
		    stdout);
		return OK;
	}
	(void)run_tell("%s", buf_text(&report));
	if (rc != INVALID)
		(void)run_tell("the database at %s is not migrated; run this"
			       " as a user with all rights on it, and see"
			       " `parley doctor`",
		    run_database(run->arena, &run->config));
	return rc;
}

static enum outcome
print_schema(struct run *run)
{
	struct buf schema;
	enum outcome rc = run_open(run);

	if (rc != OK)
		return rc;
	buf_init(&schema, run->arena, SCHEMA_MOST);
	rc = migrate_schema(run->db, run->arena, &schema);
	if (rc != OK)
		return run_failed(run, rc);
	if (!buf_ok(&schema))
		return run_tell("the schema is too large to print; is this"
				" database Parley's alone?");
	(void)fputs(buf_text(&schema), stdout);
	return OK;
}
