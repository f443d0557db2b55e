/*
 * The table of the configuration's keys: each is whole, and its default is
 * one that it allows.
 */
#include "base/base.h"

#include "base/config_key.h"

#include "base/config.h"
#include "base/text.h"

#include "tap.h"

static bool
is_word(const char *text)
{
	return text[0] != '\0' &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz_") == strlen(text);
}

/* The row before `key` that has the same place, or the same name. */
static const struct config_key *
find_twin(const struct config_key *key)
{
	const struct config_key *other;

	for (other = config_keys; other < key; other++)
		if (other->offset == key->offset ||
		    (text_equal(other->section, key->section) &&
			text_equal(other->name, key->name)))
			return other;
	return NULL;
}

/* A section's keys stand together: so they are printed. */
static bool
is_torn(const struct config_key *key)
{
	const struct config_key *other;

	if (key == config_keys || text_equal(key[-1].section, key->section))
		return false;
	for (other = config_keys; other < key; other++)
		if (text_equal(other->section, key->section))
			return true;
	return false;
}

static void
test_key(const struct config_key *key)
{
	ok(is_word(key->section) && is_word(key->name),
	    "[%s] %s is a name that the environment can have", key->section,
	    key->name);
	ok(find_twin(key) == NULL && key->offset < sizeof(struct config),
	    "%s has a member of its own", key->name);
	ok(key->kind != INTEGER || key->least < key->most,
	    "%s has limits if it is an integer", key->name);
	ok(key->kind != INTEGER || key->initial != NULL,
	    "%s has a default if it is an integer", key->name);
	ok(key->initial == NULL || config_kind_fits(key->kind, key->least,
				       key->most, key->initial),
	    "the default of %s is one that it allows", key->name);
	ok(text_ends(key->about, "."), "what %s means is a sentence",
	    key->name);
	ok(!is_torn(key), "%s stands with its section", key->name);
}

int
main(void)
{
	size_t i;

	ok(config_keys_count > 0 && config_keys_count <= CONFIG_KEYS_MOST,
	    "there are keys, and room for each");
	for (i = 0; i < config_keys_count; i++)
		test_key(&config_keys[i]);
	return done();
}
