/*
 * Words of command, and words that are not answered.
 */
#include "base/base.h"

#include "base/arena.h"
#include "model/keyword.h"

#include "tap.h"

static void
test_words(void)
{
	static const struct {
		const char *text;
		enum keyword keyword;
	} cases[] = {
		{ "STOP", KEYWORD_STOP },
		{ "stop", KEYWORD_STOP },
		{ " Stop.\n", KEYWORD_STOP },
		{ "stop!!", KEYWORD_STOP },
		{ "StopAll", KEYWORD_STOP },
		{ "stop all", KEYWORD_STOP },
		{ "UNSUBSCRIBE", KEYWORD_STOP },
		{ "cancel", KEYWORD_STOP },
		{ "End", KEYWORD_STOP },
		{ "quit", KEYWORD_STOP },
		{ "revoke", KEYWORD_STOP },
		{ "optout", KEYWORD_STOP },
		{ "opt out", KEYWORD_STOP },
		{ "Opt-Out", KEYWORD_STOP },
		{ "START", KEYWORD_START },
		{ "yes", KEYWORD_START },
		{ "unstop", KEYWORD_START },
		{ "help", KEYWORD_HELP },
		{ "INFO", KEYWORD_HELP },
		{ "STOP please", KEYWORD_NONE },
		{ "please stop", KEYWORD_NONE },
		{ "stop?", KEYWORD_NONE },
		{ "don't stop", KEYWORD_NONE },
		{ "yes please", KEYWORD_NONE },
		{ "", KEYWORD_NONE },
		{ " . ", KEYWORD_NONE },
		{ "unsubscribe unsubscribe", KEYWORD_NONE },
		{ "стоп", KEYWORD_NONE },
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		is_int(
		    keyword_of(cases[i].text), cases[i].keyword, "%s", cases[i].text);
}

static void
test_ignored(struct arena *arena)
{
	static const struct {
		const char *ignored, *text;
		bool ignores;
	} cases[] = {
		{ NULL, "ok", false },
		{ "[]", "ok", false },
		{ "[\"ok\"]", "ok", true },
		{ "[\"ok\"]", "OK!", true },
		{ "[\"ok\"]", "that is ok, thanks", true },
		{ "[\"ok\"]", "token", false },
		{ "[\"ok\"]", "okay", false },
		{ "[\"ok\"]", "ok\xc3\xa9", false },
		{ "[\"no thanks\"]", "well, No Thanks.", true },
		{ "[\"no thanks\"]", "no, thanks", false },
		{ "[\"a\",\"b\"]", "b", true },
		{ "[\"\"]", "anything", false },
		{ "none", "none", false },
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		is_int(keyword_ignores(arena, cases[i].ignored, cases[i].text),
		    cases[i].ignores, "%s", cases[i].text);
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_words();
	test_ignored(arena);
	arena_free(arena);
	return done();
}
