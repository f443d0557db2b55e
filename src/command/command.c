#include "base/base.h"

#include "command/command.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "command/accounts.h"
#include "command/arguments.h"
#include "command/carriers.h"
#include "command/checks.h"
#include "command/keys.h"
#include "command/mails.h"
#include "command/numbers.h"
#include "command/pathways.h"
#include "command/schema.h"
#include "command/secrets.h"
#include "command/settings.h"
#include "command/texts.h"
#include "command/works.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define USAGE_MOST 1024
#define LINE_WIDTH 79
#define NAME_WIDTH 15

/* clang-format off */
#define ACCOUNT { "account", OPTION_NEEDED, "ID|NAME" }
#define ACCOUNT_MAYBE { "account", OPTION_VALUE, "ID|NAME" }
#define NO_OPTIONS { { .name = NULL } }

static const struct command commands[] = {
	{ "migrate", NULL, NULL, {
		{ "schema", OPTION_ALONE, NULL } },
	    "Bring the database to the schema that this program needs",
	    "With --schema it changes nothing and prints the schema.",
	    schema_migrate },
	{ "account", "add", "NAME", NO_OPTIONS,
	    "Make an account and print its id", NULL, accounts_add },
	{ "account", "list", NULL, NO_OPTIONS,
	    "List the accounts", NULL, accounts_list },
	{ "key", "add", NULL, { ACCOUNT,
		{ "name", OPTION_VALUE, "NAME" },
		{ "scopes", OPTION_VALUE, "SCOPE,..." },
		{ "expires", OPTION_VALUE, "RFC3339|30d|12h" } },
	    "Make an API key and print it, this once",
	    "Without --scopes the key has the scope admin: everything.\n"
	    "Without --expires it never expires.", keys_add },
	{ "key", "list", NULL, { ACCOUNT },
	    "List the keys of an account", NULL, keys_list },
	{ "key", "revoke", "KEY_ID|KEY", { ACCOUNT },
	    "Revoke a key", NULL, keys_revoke },
	{ "carrier", "add", NULL, { ACCOUNT,
		{ "kind", OPTION_NEEDED, "loopback|twilio|livekit|smtp" },
		{ "name", OPTION_NEEDED, "NAME" },
		{ "account-sid", OPTION_VALUE, "SID" },
		{ "auth-token-file", OPTION_VALUE, "FILE" },
		{ "api-key", OPTION_VALUE, "KEY" },
		{ "api-secret-file", OPTION_VALUE, "FILE" },
		{ "base-url", OPTION_VALUE, "URL" },
		{ "username", OPTION_VALUE, "NAME" },
		{ "signing-key-file", OPTION_VALUE, "FILE" } },
	    "Add a provider's account and print its id here",
	    "A provider's token is the first line of FILE, else of standard\n"
	    "input. It is never an argument: everybody could see it in ps.\n"
	    "LiveKit's key and secret are --api-key and --api-secret-file,\n"
	    "and its server is --base-url (wss://...). A mail server is\n"
	    "--base-url (smtp://HOST:587), and --username if it asks for one,\n"
	    "whose password is the token.",
	    carriers_add },
	{ "carrier", "list", NULL, { ACCOUNT },
	    "List the carriers of an account", NULL, carriers_list },
	{ "number", "add", "NUMBER", { ACCOUNT,
		{ "carrier", OPTION_NEEDED, "ID|NAME" },
		{ "channels", OPTION_VALUE, "CHANNEL,..." },
		{ "label", OPTION_VALUE, "LABEL" } },
	    "Add a phone number (+15550001111) to an account",
	    "The channels are sms (the default), whatsapp and imessage.",
	    numbers_add },
	{ "number", "list", NULL, { ACCOUNT },
	    "List the phone numbers of an account", NULL, numbers_list },
	{ "mail-in", NULL, NULL, { ACCOUNT_MAYBE,
		{ "recipient", OPTION_VALUE, "ADDRESS" },
		{ "sender", OPTION_VALUE, "ADDRESS" } },
	    "Take in one mail for an agent, from a mail server's pipe",
	    "The mail is on standard input. Its recipient is an argument or\n"
	    "in $ORIGINAL_RECIPIENT or $RECIPIENT, its sender in $SENDER. It\n"
	    "ends with a status of sysexits.h: 67 when no account has the\n"
	    "address, 75 when the mail is to be tried again.",
	    mails_receive },
	{ "text", NULL, "FROM TO MESSAGE", { ACCOUNT },
	    "Let a text arrive on the loopback carrier",
	    "TO is a number of the account on a loopback carrier.\n"
	    "It prints the id of the conversation.", texts_receive },
	{ "pathway", "check", "FILE", NO_OPTIONS,
	    "Tell whether the pathway in a file can run, and if not, why",
	    "FILE is what the official client pulls and pushes, or a document\n"
	    "of nodes and edges, as JSON (.json) or YAML.", pathways_check },
	{ "pathway", "run", "FILE", {
		{ "variables", OPTION_VALUE, "JSON" } },
	    "Chat with the pathway in a file, in the terminal",
	    "The agent speaks first and answers each line; [llm] says which\n"
	    "model is asked. Nothing is stored, nothing is sent.",
	    pathways_run },
	{ "work", "list", NULL, { ACCOUNT_MAYBE,
		{ "state", OPTION_VALUE, "waiting|running|dead" },
		{ "kind", OPTION_VALUE, "KIND" } },
	    "List what must happen later, what is due first",
	    "Without --state it lists what is dead, then what runs, then what\n"
	    "waits; without --account, that of every account.", works_list },
	{ "work", "show", "ID", NO_OPTIONS,
	    "Show one piece of work and how its tries ended", NULL,
	    works_show },
	{ "work", "retry", "ID", NO_OPTIONS,
	    "Try one again that is dead, now",
	    "It begins anew: its tries so far are forgotten.", works_retry },
	{ "work", "drop", "ID", NO_OPTIONS,
	    "Delete one that is dead or waits",
	    "A message that it was to send has failed then.", works_drop },
	{ "secret", "create", "PATH", NO_OPTIONS,
	    "Make the key file that seals the carriers' tokens",
	    "Set it as [secret] key_file, and keep a copy in a safe place.",
	    secrets_create },
	{ "config", NULL, NULL, {
		{ "example", OPTION_ALONE, NULL } },
	    "Print the effective configuration, secrets hidden",
	    "With --example it prints a file to begin with.",
	    settings_print },
	{ "doctor", NULL, NULL, {
		{ "socket", OPTION_VALUE, "PATH" } },
	    "Check this host, the configuration and the database",
	    "With --socket it checks, too, that parley-api can listen there.",
	    checks_run },
};
/* clang-format on */

static void list(FILE *out);
static int help(char *const *words);
static int wrong(const char *name, const char *sub, const char *what);
static size_t show(FILE *out, const char *name, const char *sub);
static const struct command *find_command(const char *name, const char *sub);
static int perform(
    const struct command *command, const char *config, char *const *words);
static int finish(int status);

int
command_main(const char *config, char *const *words)
{
	const struct command *command;
	const char *name = words[0], *sub;

	if (name == NULL) {
		(void)run_tell("a command is missing; try:");
		list(stderr);
		return COMMAND_USAGE;
	}
	if (text_equal(name, "help"))
		return help(words + 1);
	sub = words[1] != NULL ? words[1] : "";
	command = find_command(name, sub);
	if (command != NULL)
		return perform(
		    command, config, words + (command->sub == NULL ? 1 : 2));
	if (text_equal(sub, "--help") && show(stdout, name, NULL) > 0)
		return finish(EXIT_SUCCESS);
	return wrong(name, sub,
	    sub[0] == '\0' && find_command(name, NULL) != NULL
		? "a word is missing"
		: "there is no such command");
}

int
command_misused(void)
{
	(void)run_tell("see `parley --help`");
	return COMMAND_USAGE;
}

int
command_help(void)
{
	(void)printf("usage: parley [--config FILE] COMMAND ...\n"
		     "\n"
		     "  --config FILE   the configuration; else"
		     " $PARLEY_CONFIG, else\n"
		     "                  " CONFIG_PATH " where there is one\n"
		     "  --help          this text\n"
		     "  --version       the version\n"
		     "\n");
	list(stdout);
	(void)printf("\n`parley help COMMAND` says more about one.\n");
	return finish(EXIT_SUCCESS);
}

static void
list(FILE *out)
{
	const struct command *command;
	size_t i;

	for (i = 0; i < COUNT(commands); i++) {
		command = &commands[i];
		(void)fprintf(out, "  %s%s%-*s %s\n", command->name,
		    command->sub != NULL ? " " : "",
		    NAME_WIDTH - (int)strlen(command->name) -
			(command->sub != NULL ? 1 : 0),
		    command->sub != NULL ? command->sub : "", command->about);
	}
}

static int
help(char *const *words)
{
	if (words[0] == NULL)
		return command_help();
	if (show(stdout, words[0], words[1]) == 0)
		return wrong(words[0], NULL, "there is no such command");
	return finish(EXIT_SUCCESS);
}

/* Says so, with what comes near to it. */
static int
wrong(const char *name, const char *sub, const char *what)
{
	(void)run_tell("%s; try:", what);
	if (show(stderr, name, sub) == 0 && show(stderr, name, NULL) == 0)
		list(stderr);
	return COMMAND_USAGE;
}

/* Is this row meant by the words?  Without `sub` all of a name are. */
static bool
is_meant(const struct command *command, const char *name, const char *sub)
{
	return text_equal(command->name, name) &&
	       (sub == NULL || command->sub == NULL ||
		   text_equal(command->sub, sub));
}

static const struct command *
find_command(const char *name, const char *sub)
{
	size_t i;

	for (i = 0; i < COUNT(commands); i++)
		if (is_meant(&commands[i], name, sub))
			return &commands[i];
	return NULL;
}

/* Adds a word to a usage, on a line of its own where it does not fit. */
static void
add_word(struct buf *buf, size_t *column, const char *word)
{
	size_t length = strlen(word) + 1;

	if (*column + length > LINE_WIDTH) {
		buf_add_text(buf, "\n           ");
		*column = strlen("           ");
	}
	buf_add_format(buf, " %s", word);
	*column += length;
}

/* The usage of a command, by its row. */
static const char *
usage(struct arena *arena, const struct command *command)
{
	const struct option_rule *option;
	struct buf buf;
	size_t column;
	bool needed;

	buf_init(&buf, arena, USAGE_MOST);
	buf_add_format(&buf, "usage: parley %s", command->name);
	column = buf.length;
	if (command->sub != NULL)
		add_word(&buf, &column, command->sub);
	for (option = command->options; option->name != NULL; option++) {
		needed = option->kind == OPTION_NEEDED;
		add_word(&buf, &column,
		    arena_format(arena, "%s--%s%s%s%s", needed ? "" : "[",
			option->name, option->value != NULL ? " " : "",
			option->value != NULL ? option->value : "",
			needed ? "" : "]"));
	}
	if (command->operands != NULL)
		add_word(&buf, &column, command->operands);
	return buf_text(&buf);
}

/* Prints the usage of each command that is meant; how many there are. */
static size_t
show(FILE *out, const char *name, const char *sub)
{
	struct arena *arena = arena_new();
	size_t i, count = 0;

	for (i = 0; i < COUNT(commands); i++) {
		if (!is_meant(&commands[i], name, sub))
			continue;
		(void)fprintf(out, "%s%s\n\n%s.\n%s%s", count > 0 ? "\n" : "",
		    usage(arena, &commands[i]), commands[i].about,
		    commands[i].note != NULL ? commands[i].note : "",
		    commands[i].note != NULL ? "\n" : "");
		count++;
	}
	arena_free(arena);
	return count;
}

static bool
asks_for_help(char *const *words)
{
	for (; *words != NULL; words++)
		if (text_equal(*words, "--help"))
			return true;
	return false;
}

static int
perform(const struct command *command, const char *config, char *const *words)
{
	struct arena *arena = arena_new();
	struct run run = {
		.arena = arena,
		.command = command,
		.config_path = config,
	};
	const char *why;
	int status;

	if (asks_for_help(words)) {
		(void)show(stdout, command->name, command->sub);
		status = EXIT_SUCCESS;
	} else if (arguments_read(&run, words, &why) != OK) {
		status = wrong(command->name, command->sub, why);
	} else {
		status = EXIT_SUCCESS;
		if (command->perform(&run) != OK)
			status = run.status != 0 ? run.status : EXIT_FAILURE;
	}
	arena_free(arena);
	return finish(status);
}

/* What was asked for and not printed was not done: a key is shown once. */
static int
finish(int status)
{
	if (fflush(stdout) == 0 && ferror(stdout) == 0)
		return status;
	(void)run_tell("standard output cannot be written; what this command"
		       " made is there, but was not shown");
	return EXIT_FAILURE;
}
