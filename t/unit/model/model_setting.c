/*
 * The choice of a language model: what may be given, and what is shown.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "model/field.h"
#include "model/model_setting.h"

#include "tap.h"

#define URL_AND_MODEL "\"url\":\"https://a.example/v1\",\"model\":\"m\""

/* clang-format off */
static const struct {
	const char *document, *field; /* NULL: it is right */
} rows[] = {
	{ "{" URL_AND_MODEL "}", NULL },
	{ "{" URL_AND_MODEL ",\"key\":null}", NULL },
	{ "{" URL_AND_MODEL ",\"key\":\"sk-1~!\"}", NULL },
	{ "{" URL_AND_MODEL ",\"key\":\"\"}", "/key" },
	{ "{" URL_AND_MODEL ",\"key\":\"a b\"}", "/key" },
	{ "{" URL_AND_MODEL ",\"key\":\"a\\r\\nX: 1\"}", "/key" },
	{ "{" URL_AND_MODEL ",\"key\":\"\\u00e9\"}", "/key" },
	{ "{\"url\":\"https://a.example/v1\"}", "/model" },
	{ "{\"url\":\"https://a.example/v1\",\"model\":\" \"}", "/model" },
	{ "{\"model\":\"m\"}", "/url" },
	{ "{\"url\":null,\"model\":\"m\"}", "/url" },
	{ "{\"url\":\"http://a.example/v1\",\"model\":\"m\"}", "/url" },
	{ "{\"url\":\"https://a.example/v1?a=b\",\"model\":\"m\"}", "/url" },
	{ "{\"url\":\"https://a.example/v1#a\",\"model\":\"m\"}", "/url" },
};
/* clang-format on */

static enum outcome
read_setting(struct arena *arena, const char *json, struct faults *faults,
    struct model_setting *setting)
{
	struct reader reader = { .arena = arena, .faults = faults };
	struct json_object *document;
	struct json_fault fault;
	enum outcome rc;

	faults_init(faults, arena);
	if (json_parse(arena, json, strlen(json), &document, &fault) != OK)
		return FAULT;
	rc = field_read(
	    &reader, &model_setting_request_schema, document, "", setting);
	return rc == OK ? model_setting_check(setting, faults) : rc;
}

int
main(void)
{
	struct arena *arena = arena_new();
	struct model_setting setting;
	struct faults faults;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		setting = (struct model_setting){ .url = NULL };
		is_int(read_setting(arena, rows[i].document, &faults, &setting),
		    rows[i].field == NULL ? OK : INVALID, "%s",
		    rows[i].document);
		is_text(faults.count > 0 ? faults.list[0].field : NULL,
		    rows[i].field, "and what is wrong is named");
	}
	setting = (struct model_setting){
		.source = MODEL_ACCOUNT,
		.url = "https://a.example/v1",
		.model = "m",
		.key = "sk-1",
		.sealed = "v1.x",
		.has_key = true,
	};
	is_text(json_text(arena,
		    json_own(arena,
			field_write(arena, &model_setting_schema, &setting))),
	    "{\"source\":\"account\"," URL_AND_MODEL
	    ",\"has_key\":true,\"updated_at\":null}",
	    "the key is not shown");
	arena_free(arena);
	return done();
}
