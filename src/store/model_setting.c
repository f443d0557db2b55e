#include "base/base.h"

#include "store/model_setting.h"

#include "base/config.h"
#include "base/secret.h"
#include "base/when.h"
#include "db/stmt.h"

static const struct column columns[] = {
	COLUMN(TEXT, struct model_setting, url),
	COLUMN(TEXT, struct model_setting, model),
	COLUMN(TEXT, struct model_setting, sealed),
	COLUMN(WHEN, struct model_setting, updated_at),
};

static const struct stmt find = {
	.sql = "SELECT url, model, key_sealed, updated_at"
	       " FROM model_setting"
	       " WHERE account_id = ?",
	ROWS(columns, struct model_setting),
};

static const struct stmt put = {
	.sql = "INSERT INTO model_setting (account_id, url, model, key_sealed,"
	       " updated_at)"
	       " VALUES (?, ?, ?, ?, ?)"
	       " ON DUPLICATE KEY UPDATE url = VALUES(url),"
	       " model = VALUES(model), key_sealed = VALUES(key_sealed),"
	       " updated_at = VALUES(updated_at)",
};

static const struct stmt delete = {
	.sql = "DELETE FROM model_setting"
	       " WHERE account_id = ?",
};

enum outcome
model_setting_find(struct db *db, struct arena *arena, const struct id *account,
    struct model_setting *setting)
{
	enum outcome rc =
	    stmt_one(db, arena, &find, VALUES(value_id(account)), setting);

	if (rc != OK)
		return rc;
	setting->source = MODEL_ACCOUNT;
	setting->has_key = setting->sealed != NULL;
	return OK;
}

enum outcome
model_setting_put(
    struct db *db, const struct id *account, struct model_setting *setting)
{
	setting->updated_at = when_now();
	return stmt_run(db, &put,
	    VALUES(value_id(account), value_text(setting->url),
		value_text(setting->model), value_text(setting->sealed),
		value_when(setting->updated_at)),
	    NULL);
}

enum outcome
model_setting_delete(struct db *db, const struct id *account)
{
	int64_t found = 0;
	enum outcome rc =
	    stmt_run(db, &delete, VALUES(value_id(account)), &found);

	return rc == OK && found == 0 ? NOT_FOUND : rc;
}

enum outcome
completion_line_find(struct db *db, struct arena *arena,
    const struct config *config, const unsigned char *secret_key,
    const struct id *account, struct completion_line *line)
{
	struct model_setting setting;
	const char *key = NULL;
	enum outcome rc = model_setting_find(db, arena, account, &setting);

	if (rc == NOT_FOUND) {
		*line = (struct completion_line){
			.url = config->llm_url,
			.key = config->llm_key,
			.model = config->llm_model,
			.trusted = true,
		};
		return OK;
	}
	if (rc != OK)
		return rc;
	if (setting.sealed != NULL &&
	    (secret_key == NULL ||
		secret_open(arena, secret_key, id_text(arena, account),
		    setting.sealed, &key) != OK))
		return DENIED;
	*line = (struct completion_line){
		.url = setting.url,
		.key = key,
		.model = setting.model,
		.trusted = false,
	};
	return OK;
}
