/*
 * Which language model answers for an account.
 */
#ifndef PARLEY_STORE_MODEL_SETTING_H
#define PARLEY_STORE_MODEL_SETTING_H

#include "model/completion.h"
#include "model/model_setting.h"

struct arena;
struct config;
struct db;
struct id;

/* The one that the account chose, its key sealed.  NOT_FOUND. */
enum outcome model_setting_find(struct db *db, struct arena *arena,
    const struct id *account, struct model_setting *setting) MUSTCHECK;

/* Takes the place of the one before it, with the present time. */
enum outcome model_setting_put(struct db *db, const struct id *account,
    struct model_setting *setting) MUSTCHECK;

/* NOT_FOUND. */
enum outcome model_setting_delete(
    struct db *db, const struct id *account) MUSTCHECK;

/*
 * The line to the model that answers for the account: its own, with its key
 * opened, or else the deployment's; without a URL where there is neither.
 *
 * DENIED: the account's key does not open with this deployment's key file,
 * or there is none (`secret_key` NULL); an operator can mend it.
 */
enum outcome completion_line_find(struct db *db, struct arena *arena,
    const struct config *config, const unsigned char *secret_key,
    const struct id *account, struct completion_line *line) MUSTCHECK;

#endif
