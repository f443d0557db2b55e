/*
 * A mail as bytes: headers are found, bombs are cut off.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/secret.h"
#include "model/mail_scan.h"

#include "tap.h"

static const char *
header(struct arena *arena, const char *mail, const char *name)
{
	return mail_scan_header(arena, mail, strlen(mail), name);
}

static void
test_header(struct arena *arena)
{
	const char *mail = "From: ada@example.com\r\n"
			   "message-id:\r\n <a@x>\r\n"
			   "Message-Id-Not: <b@x>\r\n"
			   "Bad: \xff\r\n"
			   "\r\n"
			   "Subject: no\r\n";

	is_text(header(arena, mail, "Message-ID"), "<a@x>",
	    "a header is found in any case, unfolded");
	is_text(header(arena, mail, "Subject"), NULL, "only among headers");
	is_text(header(arena, mail, "Bad"), NULL, "what is no text is none");
	is_text(header(arena, "", "A"), NULL, "nothing has none");
	is_text(header(arena, "Message-ID", "Message-ID"), NULL,
	    "nor has half a line");
	is_text(header(arena, "A: b", "A"), "b", "the last may have no end");
}

/* So many times the piece. */
static const char *
many(struct arena *arena, const char *head, const char *piece, size_t times,
    size_t *length)
{
	struct buf mail;
	size_t i;

	buf_init(&mail, arena, 10 << 20);
	buf_add_text(&mail, head);
	for (i = 0; i < times; i++)
		buf_add_text(&mail, piece);
	*length = mail.length;
	return buf_text(&mail);
}

static void
test_bound(struct arena *arena)
{
	static const struct {
		const char *name, *head, *piece;
		size_t times;
		bool is_cut;
	} cases[] = {
		{ "an honest mail", "A: b\n\n", "words\n", 100000, false },
		{ "many parts", "A: b\n\n", "--x\n\n", 2000, false },
		{ "too many parts", "A: b\n\n", "--x\n\n", 2001, true },
		{ "some levels", "A: b\n\n",
		    "Content-Type: multipart/mixed; boundary=x\n", 50, false },
		{ "too many levels", "A: b\n\n",
		    "content-type:\n MULTIPART/mixed; boundary=x\n", 51, true },
		{ "mails in mails", "A: b\n\n",
		    "Content-Type: message/rfc822\n\n", 51, true },
		{ "headers without end", "", "A: b\n", 100000, true },
		{ "one header without end", "A: ", "bbbbbbbbbb", 100000, true },
		{ "plain parts", "A: b\n\n", "Content-Type: text/plain\n", 1000,
		    false },
	};
	const char *mail;
	size_t i, length, bound;

	for (i = 0; i < COUNT(cases); i++) {
		mail = many(arena, cases[i].head, cases[i].piece,
		    cases[i].times, &length);
		bound = mail_scan_bound(mail, length);
		ok(bound <= length && (bound < length) == cases[i].is_cut,
		    "%s: %s", cases[i].name,
		    cases[i].is_cut ? "cut off" : "whole");
	}
	is_int((int64_t)mail_scan_bound("", 0), 0, "nothing is whole");
}

static const char *
digest(struct arena *arena, const char *recipient, const char *id,
    const char *mail)
{
	unsigned char of[SECRET_DIGEST];

	mail_scan_digest(arena, recipient, id, mail, strlen(mail), of);
	return secret_hex(arena, of, sizeof(of));
}

static void
test_digest(struct arena *arena)
{
	const char *one = digest(arena, "a@x", "id@x", "one");

	is_text(digest(arena, "a@x", "id@x", "two"), one,
	    "the same id to the same recipient is the same mail");
	ok(strcmp(digest(arena, "b@x", "id@x", "one"), one) != 0,
	    "to another it is another");
	ok(strcmp(digest(arena, "a@x", "no@x", "one"), one) != 0,
	    "so is another id");
	one = digest(arena, "a@x", NULL, "one");
	is_text(digest(arena, "a@x", NULL, "one"), one,
	    "without an id its bytes tell");
	ok(strcmp(digest(arena, "a@x", NULL, "two"), one) != 0,
	    "which differ or do not");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_header(arena);
	test_bound(arena);
	test_digest(arena);
	arena_free(arena);
	return done();
}
