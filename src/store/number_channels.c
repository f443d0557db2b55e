#include "base/base.h"

#include "store/number_channels.h"

#include "model/channel.h"
#include "store/number.h"

static enum outcome add(struct db *db, struct arena *arena,
    const struct id *account, const char *number, int channel);

enum outcome
number_channels_set(struct db *db, struct arena *arena,
    const struct id *account, const char *number, unsigned mask)
{
	int channel;
	enum outcome rc = OK;

	for (channel = 0; rc == OK && channel < CHANNEL_MESSAGING_N;
	     channel++) {
		if ((mask & 1u << channel) != 0)
			rc = add(db, arena, account, number, channel);
		else
			rc = number_config_delete(db, account, number, channel);
	}
	return rc;
}

static enum outcome
add(struct db *db, struct arena *arena, const struct id *account,
    const char *number, int channel)
{
	struct number_config config;
	enum outcome rc =
	    number_config_find(db, arena, account, number, channel, &config);

	if (rc != NOT_FOUND)
		return rc;
	number_config_init(&config);
	return number_config_save(db, account, number, channel, &config);
}
