#include "base/base.h"

#include "command/arguments.h"

#include "base/arena.h"
#include "base/text.h"
#include "command/command.h"

#include <string.h>

static enum outcome read_option(
    struct run *run, const char *word, char *const **next, const char **why);
static enum outcome read_operand(
    struct run *run, const char *word, const char **why);
static enum outcome check_given(struct run *run, const char **why);

/* `*why = text`, and INVALID. */
static enum outcome
bad(const char **why, const char *text)
{
	*why = text;
	return INVALID;
}

static bool
are_clean(char *const *words)
{
	for (; *words != NULL; words++)
		if (!text_is_clean(*words, strlen(*words)))
			return false;
	return true;
}

enum outcome
arguments_read(struct run *run, char *const *words, const char **why)
{
	const char *word;
	bool options = true;
	enum outcome rc = OK;

	if (!are_clean(words))
		return bad(why, "an argument is not text in UTF-8");
	while (rc == OK && *words != NULL) {
		word = *words++;
		if (options && text_equal(word, "--"))
			options = false;
		else if (options && word[0] == '-')
			rc = read_option(run, word, &words, why);
		else
			rc = read_operand(run, word, why);
	}
	return rc == OK ? check_given(run, why) : rc;
}

/* Where the value of an option goes, and which option it is (NULL: the one
 * that every command has); NULL: there is no such option. */
static const char **
find_place(struct run *run, const char *name, const struct option_rule **rule)
{
	const struct option_rule *options = run->command->options;
	size_t i;

	*rule = NULL;
	if (!text_starts(name, "--"))
		return NULL;
	if (text_equal(name + 2, "config"))
		return &run->config_path;
	for (i = 0; options[i].name != NULL; i++) {
		if (text_equal(options[i].name, name + 2)) {
			*rule = &options[i];
			return &run->values[i];
		}
	}
	return NULL;
}

static const char *
unknown(struct run *run, const char *name)
{
	const char *names[RUN_OPTIONS + 2] = { "config" };
	const char *nearest;
	size_t i;

	for (i = 0; run->command->options[i].name != NULL; i++)
		names[i + 1] = run->command->options[i].name;
	nearest = text_nearest(name + strspn(name, "-"), names);
	if (nearest == NULL)
		return arena_format(run->arena, "there is no option %s", name);
	return arena_format(run->arena,
	    "there is no option %s; did you mean --%s?", name, nearest);
}

/* Its value stands behind "=", or is the next word. */
static enum outcome
read_option(
    struct run *run, const char *word, char *const **next, const char **why)
{
	const char *equals = strchrnul(word, '=');
	const char *name =
	    arena_copy(run->arena, word, (size_t)(equals - word));
	const char *value = *equals == '=' ? equals + 1 : NULL;
	const struct option_rule *rule;
	const char **place = find_place(run, name, &rule);

	if (place == NULL)
		return bad(why, unknown(run, name));
	if (rule != NULL && *place != NULL)
		return bad(
		    why, arena_format(run->arena, "%s is given twice", name));
	if (rule != NULL && rule->kind == OPTION_ALONE) {
		*place = "";
		return value == NULL ? OK
				     : bad(why, "this option has no value");
	}
	if (value == NULL && **next != NULL)
		value = *(*next)++;
	if (value == NULL)
		return bad(
		    why, arena_format(run->arena, "%s needs a value", name));
	*place = value;
	return OK;
}

static const char **
operand_names(const struct run *run)
{
	const char *names = run->command->operands;

	return text_split(run->arena, names != NULL ? names : "", ' ');
}

static enum outcome
read_operand(struct run *run, const char *word, const char **why)
{
	const char **names = operand_names(run);
	size_t i;

	for (i = 0; names[i] != NULL; i++) {
		if (run->operands[i] == NULL) {
			run->operands[i] = word;
			return OK;
		}
	}
	return bad(
	    why, arena_format(run->arena, "%s is one word too many", word));
}

static enum outcome
check_given(struct run *run, const char **why)
{
	const struct option_rule *options = run->command->options;
	const char **names = operand_names(run);
	size_t i;

	for (i = 0; options[i].name != NULL; i++)
		if (options[i].kind == OPTION_NEEDED && run->values[i] == NULL)
			return bad(
			    why, arena_format(run->arena, "--%s is missing",
				     options[i].name));
	for (i = 0; names[i] != NULL; i++)
		if (run->operands[i] == NULL)
			return bad(why, arena_format(run->arena,
					    "%s is missing", names[i]));
	return OK;
}
