/*
 * Which language model answers for an account.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/secret.h"
#include "store/model_setting.h"

#include "database.h"
#include "tap.h"

#define URL "https://a.example/v1"

static const unsigned char secret_key[SECRET_KEY] = { 1, 2, 3 };

static void
test_rows(struct database *d)
{
	struct model_setting setting = {
		.url = URL,
		.model = "größer",
		.key = "never stored",
		.sealed = "v1.x",
	};
	struct model_setting found;

	is_outcome(model_setting_find(d->db, d->arena, &d->account, &found),
	    NOT_FOUND, "at first an account has none");
	is_outcome(model_setting_delete(d->db, &d->account), NOT_FOUND,
	    "which cannot be deleted");
	is_outcome(model_setting_put(d->db, &d->account, &setting), OK,
	    "one is chosen");
	is_outcome(model_setting_find(d->db, d->arena, &d->account, &found), OK,
	    "it is found");
	is_text(found.url, URL, "with its address");
	is_text(found.model, "größer", "with its name");
	is_text(found.sealed, "v1.x", "with its key, sealed");
	is_text(found.key, NULL, "the key itself is not stored");
	is_int(found.source, MODEL_ACCOUNT, "it is the account's own");
	ok(found.has_key, "it has a key");
	is_int(found.updated_at, setting.updated_at, "and its time");
	is_outcome(model_setting_find(d->db, d->arena, &d->stranger, &found),
	    NOT_FOUND, "another account does not find it");
	setting.model = "m-2";
	setting.sealed = NULL;
	is_outcome(model_setting_put(d->db, &d->account, &setting), OK,
	    "another takes its place");
	must(model_setting_find(d->db, d->arena, &d->account, &found));
	is_text(found.model, "m-2", "with its name");
	ok(found.sealed == NULL && !found.has_key, "and without a key");
	is_outcome(model_setting_delete(d->db, &d->stranger), NOT_FOUND,
	    "another account does not delete it");
	is_outcome(
	    model_setting_delete(d->db, &d->account), OK, "its own does");
	is_outcome(model_setting_find(d->db, d->arena, &d->account, &found),
	    NOT_FOUND, "then it is gone");
}

static enum outcome
find_line(
    struct database *d, const unsigned char *key, struct completion_line *line)
{
	return completion_line_find(
	    d->db, d->arena, &d->config, key, &d->account, line);
}

static void
test_line(struct database *d)
{
	static const unsigned char other_key[SECRET_KEY] = { 9 };
	struct model_setting setting = { .url = URL, .model = "m" };
	struct completion_line line;

	is_outcome(find_line(d, secret_key, &line), OK, "no model is a line");
	is_text(line.url, NULL, "that leads nowhere");
	d->config.llm_url = "http://10.0.0.1/v1";
	d->config.llm_model = "ours";
	d->config.llm_key = "sk-ours";
	is_outcome(find_line(d, NULL, &line), OK, "the deployment has one");
	is_text(line.url, "http://10.0.0.1/v1", "with its address");
	is_text(line.model, "ours", "with its name");
	is_text(line.key, "sk-ours", "with its key");
	ok(line.trusted, "the operator chose it");
	must(model_setting_put(d->db, &d->account, &setting));
	is_outcome(find_line(d, NULL, &line), OK, "an account's own is first");
	is_text(line.url, URL, "with its address");
	is_text(line.model, "m", "with its name");
	is_text(line.key, NULL, "and never with the deployment's key");
	ok(!line.trusted, "a client chose it");
	setting.sealed = secret_seal(
	    d->arena, secret_key, id_text(d->arena, &d->account), "sk-theirs");
	must(model_setting_put(d->db, &d->account, &setting));
	is_outcome(find_line(d, secret_key, &line), OK, "it may have a key");
	is_text(line.key, "sk-theirs", "which is opened");
	is_outcome(find_line(d, NULL, &line), DENIED, "only with the key file");
	is_outcome(find_line(d, other_key, &line), DENIED, "of its time");
	must(model_setting_put(d->db, &d->stranger, &setting));
	is_outcome(completion_line_find(d->db, d->arena, &d->config, secret_key,
		       &d->stranger, &line),
	    DENIED, "and only for its account");
}

int
main(void)
{
	struct database d;

	database_open(&d);
	test_rows(&d);
	test_line(&d);
	database_close(&d);
	return done();
}
