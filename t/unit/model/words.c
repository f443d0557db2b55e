/*
 * From a model's words to a message.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/text.h"
#include "model/message.h"
#include "model/segment.h"
#include "model/words.h"

#include <stdlib.h>

#include "tap.h"

#define SMILE "\xf0\x9f\x98\x80"
#define STOP "\xe3\x80\x82"

static const struct {
	const char *text, *clean, *name;
} cleans[] = {
	/* clang-format off */
	{ "Hello", "Hello", "words stay" },
	{ "  Hello \n\n  there\t ", "  Hello \n\n  there\t ",
	    "white space stays, also at the ends" },
	{ "Well <|0.8|> yes", "Well yes", "a pause goes with one space" },
	{ "Well<|0.8|> yes", "Well yes", "but not with the only one" },
	{ "<|1|>Yes<|0.25|>", "Yes", "at both ends" },
	{ "<|0.5|> Yes", "Yes", "and with the space behind it" },
	{ "Bye<|im_end|>", "Bye", "a mark of the end goes as well" },
	{ "[....] Hm", "Hm", "a breath goes" },
	{ "Hm [..] so", "Hm so", "a short one too" },
	{ "Hm [\xe2\x80\xa6] so", "Hm so", "and one of an ellipsis" },
	{ "[.] [x] [ ] []", "[.] [x] [ ] []", "other brackets stay" },
	{ "a <| b |> c", "a c", "a mark may have spaces" },
	{ "1 <|> 2 <||> 3", "1 <|> 2 <||> 3", "no mark stays" },
	{ "if (a <| b", "if (a <| b", "nor does half of one" },
	{ "Wait... what?", "Wait... what?", "points stay" },
	{ "a\x01" "b\x7f" "c\td", "abc\td", "control characters go" },
	{ WORDS_PERSON " Hi", "Hi", "a mark of persons goes" },
	{ "Hi " WORDS_PERSON " there", "Hi there", "anywhere" },
	{ "[a PERSON of the team wrote:]Hi", "Hi", "in any letters" },
	{ "[A person " WORDS_PERSON " of the team wrote:] Hi", "Hi",
	    "also where one is left when one is taken out" },
	{ "[A person of the team", "[A person of the team", "half stays" },
	/* clang-format on */
};

static void
test_clean(struct arena *arena)
{
	size_t i;

	for (i = 0; i < COUNT(cleans); i++)
		is_text(words_clean(arena, cleans[i].text), cleans[i].clean,
		    "%s", cleans[i].name);
}

static char *
repeat(const char *part, size_t count)
{
	char *text = calloc(count, strlen(part) + 1);
	size_t i, length = strlen(part);

	for (i = 0; i < count; i++)
		memcpy(text + i * length, part, length + 1);
	return text;
}

static const struct {
	const char *part;
	size_t count;
	int64_t segments;
	size_t length; /* in characters, of what is left */
	bool cut;
	const char *name;
} fits[] = {
	/* clang-format off */
	{ "x", 1600, 0, 1600, false, "what a message holds is whole" },
	{ "x", 1601, 0, 1600, true, "one more is cut off" },
	{ SMILE, 1600, 0, 1600, false, "characters count, not bytes" },
	{ SMILE, 1601, 0, 1600, true, "and none is cut in two" },
	{ "x", 160, 1, 160, false, "a segment holds 160" },
	{ "x", 161, 1, 160, true, "and no more" },
	{ "x", 306, 2, 306, false, "two hold 306" },
	{ "x", 400, 2, 306, true, "and no more" },
	{ SMILE, 40, 1, 35, true, "of these a segment holds 35" },
	/* clang-format on */
};

static void
test_fit(struct arena *arena)
{
	const char *made;
	int encoding;
	bool cut;
	char *text;
	size_t i;

	for (i = 0; i < COUNT(fits); i++) {
		text = repeat(fits[i].part, fits[i].count);
		made = words_fit(
		    arena, text, MESSAGE_MOST, fits[i].segments, &cut);
		is_int((int64_t)text_length(made), (int64_t)fits[i].length,
		    "%s", fits[i].name);
		ok(cut == fits[i].cut, "and says so");
		ok(strncmp(made, text, strlen(made)) == 0 &&
			(fits[i].segments == 0 ||
			    segment_count(made, &encoding) <= fits[i].segments),
		    "and is its beginning");
		free(text);
	}
}

static const struct {
	const char *head, *part, *ends, *name;
} ends[] = {
	/* clang-format off */
	{ "", "One two three. ", "three.", "cut behind a sentence" },
	{ "", "One two! ", "two!", "of any kind" },
	{ "", "One two\n", "two", "or a line" },
	{ "", "\xe4\xbb\x8a" STOP, "\xe4\xbb\x8a" STOP,
	    "or an ideographic stop" },
	{ "First. ", "word ", "word", "not behind one far before" },
	{ "First. ", "x", "First.", "unless there is no other space" },
	{ "", "3.14159,", "", "a point within a number is no end" },
	/* clang-format on */
};

static void
test_ends(struct arena *arena)
{
	char *text, *parts;
	const char *made;
	bool cut;
	size_t i;

	for (i = 0; i < COUNT(ends); i++) {
		parts = repeat(ends[i].part, MESSAGE_MOST);
		text = calloc(1, strlen(ends[i].head) + strlen(parts) + 1);
		strcat(strcpy(text, ends[i].head), parts);
		made = words_fit(arena, text, MESSAGE_MOST, 0, &cut);
		ok(cut && text_ends(made, ends[i].ends) &&
			text_length(made) <= MESSAGE_MOST,
		    "a long text is %s", ends[i].name);
		free(text);
		free(parts);
	}
}

static void
test_cut(struct arena *arena)
{
	is_text(words_cut(arena, "abc", 3), "abc", "what fits is whole");
	is_text(words_cut(arena, "abcd", 3), "abc", "what does not is cut");
	is_text(words_cut(arena, "a" SMILE, 4), "a", "behind a character");
	is_text(words_cut(arena, "abc", 0), "", "and may be nothing");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_clean(arena);
	test_fit(arena);
	test_ends(arena);
	test_cut(arena);
	arena_free(arena);
	return done();
}
