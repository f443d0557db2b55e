/*
 * The rules of email: who gets it, what it belongs to, what is not answered.
 */
#include "base/base.h"

#include "base/arena.h"
#include "model/mail.h"

#include "tap.h"

#define PEOPLE(array)                                                          \
	{                                                                      \
		(array), COUNT(array)                                          \
	}

static const struct mail_person ada = { "Ada", "ada@example.com" };

static void
test_route(struct arena *arena)
{
	static const struct mail_person delivered[] = { { NULL,
	    "Sales@Example.org" } };
	static const struct mail_person to[] = { { NULL, "team@example.org" },
		{ NULL, "help@example.org" } };
	static const struct mail_person cc[] = { { NULL, "sales@example.org" },
		{ NULL, "HELP@example.org" }, { NULL, "eve@example.com" } };
	struct mail mail = { .from = ada,
		.delivered_to = PEOPLE(delivered),
		.to = PEOPLE(to),
		.cc = PEOPLE(cc) };
	struct list list = mail_targets(arena, &mail, NULL);
	const struct mail_target *targets = list.items;

	is_int((int64_t)list.count, 4, "everybody is asked for once");
	is_text(targets[0].address, "sales@example.org",
	    "Delivered-To comes first, in small letters");
	ok(targets[0].only_cc, "and it was only given a copy");
	is_text(targets[1].address, "team@example.org", "then To");
	ok(!targets[1].only_cc, "which is no copy");
	is_text(targets[2].address, "help@example.org", "all of it");
	ok(!targets[2].only_cc, "nor is what is in To and in Cc");
	is_text(targets[3].address, "eve@example.com", "Cc comes last");
	ok(targets[3].only_cc, "that is a copy");
	list = mail_targets(arena, &mail, "eve@example.com");
	targets = list.items;
	is_text(targets[0].address, "eve@example.com",
	    "before all comes whom the server took it for");
	is_int((int64_t)list.count, 4, "and not again");
}

static void
test_automatic(void)
{
	static const struct {
		const char *name;
		struct mail mail;
		bool automatic;
	} cases[] = {
		{ "a person's mail", { .envelope_from = "ada@example.com" },
		    false },
		{ "one whose envelope is not known", { .subject = "" }, false },
		{ "a bounce", { .envelope_from = "" }, true },
		{ "a report", { .is_report = true }, true },
		{ "Auto-Submitted: no", { .auto_submitted = "No" }, false },
		{ "auto-replied", { .auto_submitted = "auto-replied" }, true },
		{ "auto-generated", { .auto_submitted = "auto-generated; x=1" },
		    true },
		{ "bulk", { .precedence = "Bulk" }, true },
		{ "list", { .precedence = "list" }, true },
		{ "junk", { .precedence = "junk" }, true },
		{ "first-class", { .precedence = "first-class" }, false },
		{ "a list's", { .is_list = true }, true },
		{ "one that wants no answer",
		    { .response_suppress = "OOF, AutoReply" }, true },
		{ "one that wants any", { .response_suppress = "None" },
		    false },
	};
	struct mail robot = { .from = { NULL, "no-reply@example.com" } };
	struct mail mail;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		mail = cases[i].mail;
		mail.from = ada;
		ok((mail_automatic(&mail) != NULL) == cases[i].automatic,
		    "%s is %sanswered", cases[i].name,
		    cases[i].automatic ? "not " : "");
	}
	ok(mail_automatic(&robot) != NULL, "a robot's mail is not answered");
}

static void
test_parents(struct arena *arena)
{
	struct mail mail = { .in_reply_to = " <c@x> (from Ada)",
		.references = "<a@x>\t<b@x> <c@x" };
	struct list list = mail_parents(arena, &mail);
	const char *const *ids = list.items;

	is_int((int64_t)list.count, 3, "what is no id is passed over");
	is_text(ids[0], "c@x", "what it replies to is nearest");
	is_text(ids[1], "b@x", "then the last of the chain");
	is_text(ids[2], "a@x", "the first is farthest");
	mail = (struct mail){ .references = "<><>" };
	is_int((int64_t)mail_parents(arena, &mail).count, 0,
	    "an empty id is none");
}

static void
test_chain(struct arena *arena)
{
	char many[4096] = "";
	const char *chain;
	size_t i, at = 0, ids = 0;

	is_text(mail_chain(arena, "<a@x> <b@x>", "c@x"), "<a@x> <b@x> <c@x>",
	    "a mail is the last of its chain");
	is_text(mail_chain(arena, NULL, "c@x"), "<c@x>", "or the first");
	is_text(mail_chain(arena, NULL, NULL), NULL, "or there is none");
	is_text(mail_chain(arena, "<a@x\r\nBcc: e@x>", "c@x"), "<c@x>",
	    "what would be another header is left out");
	for (i = 0; i < 90; i++)
		at += (size_t)snprintf(
		    many + at, sizeof(many) - at, "<%zu@x> ", i);
	chain = mail_chain(arena, many, "last@x");
	for (i = 0; chain[i] != '\0'; i++)
		ids += chain[i] == '<';
	is_int((int64_t)ids, 21, "of a long chain some are kept");
	ok(strncmp(chain, "<0@x> ", 6) == 0, "the first of them");
	ok(strcmp(chain + strlen(chain) - 8, "<last@x>") == 0, "and the last");
}

static void
test_copies(struct arena *arena)
{
	static const struct mail_person to[] = { { NULL, "Help@example.org" },
		{ NULL, "bob@example.com" }, { NULL, "BOB@example.com" } };
	static const struct mail_person cc[] = { { NULL, "carol@example.com" },
		{ NULL, "ada@example.com" }, { NULL, "noreply@example.com" },
		{ NULL, "postmaster@example.com" },
		{ NULL, "second@example.org" } };
	struct mail mail = { .from = ada, .to = PEOPLE(to), .cc = PEOPLE(cc) };

	is_text(mail_reply_cc(arena, &mail,
		    "[\"help@example.org\",\"second@example.org\"]"),
	    "[\"bob@example.com\",\"carol@example.com\"]",
	    "who is in To and Cc is answered, but for the agent, the sender,"
	    " robots and who is there twice");
	mail.reply_to = "carol@example.com";
	is_text(mail_answer_to(&mail), "carol@example.com",
	    "Reply-To says whom the answer goes to");
	is_text(mail_reply_cc(arena, &mail, "[\"help@example.org\"]"),
	    "[\"bob@example.com\",\"ada@example.com\","
	    "\"second@example.org\"]",
	    "who is then not copied");
	is_text(mail_cc_with(arena, "[\"a@b\"]", "c@d"), "[\"a@b\",\"c@d\"]",
	    "another may be copied too");
	is_text(mail_cc_with(arena, "[\"a@b\"]", "A@b"), "[\"a@b\"]",
	    "but for who is");
}

static void
test_texts(struct arena *arena)
{
	static const struct mail_attachment one[] = { { "a.png", "image/png",
	    12 } };
	struct mail mail = { .from = ada };
	struct list texts;

	ok(mail_is_line("Grüße"), "a line is one");
	ok(!mail_is_line("a\r\nb"), "two are none");
	ok(!mail_is_line("a\tb"), "nor is one with a tab");
	is_text(mail_line(arena, " a\r\n b\x01", 80), "a   b",
	    "a text is made one line");
	is_text(mail_line(arena, "aää", 4), "aä",
	    "which is not cut within a character");
	is_text(mail_media(arena, &mail), NULL, "nothing was attached");
	mail.attachments = (struct list)PEOPLE(one);
	is_text(mail_media(arena, &mail),
	    "[{\"filename\":\"a.png\",\"content_type\":\"image/png\","
	    "\"size\":12}]",
	    "what was attached is told");
	texts = mail_texts(arena, "[\"a\",\"b\"]");
	is_int((int64_t)texts.count, 2, "a list of texts is read");
	is_text(((const char *const *)texts.items)[1], "b", "in order");
	is_int((int64_t)mail_texts(arena, NULL).count, 0, "or none");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_route(arena);
	test_automatic();
	test_parents(arena);
	test_chain(arena);
	test_copies(arena);
	test_texts(arena);
	arena_free(arena);
	return done();
}
