/*
 * Mail in and out: what is written is read, and what anybody writes is read
 * as far as it makes sense.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "model/mail_letter.h"
#include "upstream/mime.h"

#include "tap.h"

#include <stdlib.h>

static const struct mail_letter letter = {
	.message_id = "0193@example.org",
	.in_reply_to = "parent@example.com",
	.references = "<first@example.com> <parent@example.com>",
	.from = { "Grüße & Co", "help@example.org" },
	.to = "ada@example.com",
	.subject = "Grüße aus Köln, mit vielen Wörtern, damit es eine lange "
		   "Zeile wird",
	.text = "Hallo Ada,\nschöne Grüße.\n.\nFrom here\n",
	.html = "<p>Hallo Ada,<br>schöne Grüße.</p>",
	.unsubscribe = "https://api.example.org/v1/email/unsubscribe/00",
	.auto_submitted = "auto-replied",
	.date = INT64_C(1800000000000000),
};

static bool
has_line(const char *mail, const char *line)
{
	const char *at = strstr(mail, line);

	return at != NULL && (at == mail || at[-1] == '\n') &&
	       text_starts(at + strlen(line), "\r\n");
}

static void
test_write(struct arena *arena)
{
	static const char *const lines[] = { "To: ada@example.com",
		"Message-Id: <0193@example.org>",
		"In-Reply-To: <parent@example.com>",
		"Auto-Submitted: auto-replied",
		"List-Unsubscribe: <https://api.example.org/v1/email/unsubscribe/00>",
		"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
		"MIME-Version: 1.0", "Date: Fri, 15 Jan 2027 08:00:00 +0000" };
	const char *mail, *again;
	size_t i, length, second, bad = 0, longest = 0, line = 0;

	is_int(mime_write(arena, &letter, &mail, &length), OK,
	    "a letter is written");
	for (i = 0; i < COUNT(lines); i++)
		ok(has_line(mail, lines[i]) ||
			(i == 1 &&
			    has_line(mail, "Message-ID: <0193@example.org>")) ||
			(i == 6 && has_line(mail, "Mime-Version: 1.0")),
		    "it has the line %s", lines[i]);
	for (i = 0; i < length; i++) {
		bad += (unsigned char)mail[i] > 126 || mail[i] == '\0' ||
		       (mail[i] == '\n' && (i == 0 || mail[i - 1] != '\r'));
		line = mail[i] == '\n' ? 0 : line + 1;
		longest = line > longest ? line : longest;
	}
	is_int((int64_t)bad, 0, "it is ASCII, and lines end with CR LF");
	ok(longest < 998, "no line is too long");
	is_int(mime_write(arena, &letter, &again, &second), OK, "once more");
	ok(length == second && memcmp(mail, again, length) == 0,
	    "it is the same bytes");
}

static void
test_round(struct arena *arena)
{
	const char *bytes;
	size_t length;
	struct mail mail;

	if (mime_write(arena, &letter, &bytes, &length) != OK)
		return;
	mime_read(arena, bytes, length, &mail);
	is_text(mail.message_id, letter.message_id, "its id is read");
	is_text(mail.subject, letter.subject, "its subject");
	is_text(mail.from.address, "help@example.org", "who wrote it");
	is_text(mail.from.name, "Grüße & Co", "by name");
	is_int((int64_t)mail.to.count, 1, "to whom");
	is_text(mail.in_reply_to, "<parent@example.com>", "what it answers");
	is_text(mail.references, letter.references, "and what came before");
	is_text(mail.text, "Hallo Ada,\r\nschöne Grüße.\r\n.\r\nFrom here\r\n",
	    "its words");
	is_text(mail.html, letter.html, "and those as HTML");
	is_text(mail.auto_submitted, "auto-replied", "a program wrote it");
	ok(mail.is_list, "which one can unsubscribe from");
	ok(mail_automatic(&mail) != NULL, "so we do not answer ourselves");
	is_int((int64_t)mail.attachments.count, 0, "nothing is attached");
	ok(!mail.is_cut, "and it is whole");
}

static void
test_refused(struct arena *arena)
{
	struct mail_letter bad = letter;
	static const char *const cc[] = { "eve@example.com\r\nBcc: x@y" };
	const char *bytes = NULL;
	size_t length;

	bad.subject = "Hi\r\nBcc: eve@example.com";
	is_int(mime_write(arena, &bad, &bytes, &length), INVALID,
	    "a subject of two lines is refused");
	bad = letter;
	bad.from.name = "Ada\nBcc: eve@example.com";
	is_int(
	    mime_write(arena, &bad, &bytes, &length), INVALID, "so is a name");
	bad = letter;
	bad.to = "ada@example.com, eve@example.com";
	is_int(mime_write(arena, &bad, &bytes, &length), INVALID,
	    "and two recipients in one");
	bad = letter;
	bad.cc = (struct list){ cc, 1 };
	is_int(mime_write(arena, &bad, &bytes, &length), INVALID,
	    "and a header in a copy's address");
	bad = letter;
	bad.references = "<a@x>\r\nX: y";
	is_int(mime_write(arena, &bad, &bytes, &length), INVALID,
	    "and one in the chain");
	is_text(bytes, NULL, "nothing was written");
}

static void
read_text(struct arena *arena, const char *text, struct mail *mail)
{
	mime_read(arena, text, strlen(text), mail);
}

static void
test_read(struct arena *arena)
{
	const struct mail_attachment *attachments;
	const struct mail_person *people;
	struct mail mail;

	read_text(arena,
	    "Delivered-To: help@example.org\r\n"
	    "From: =?iso-8859-1?q?J=FCrgen_(the_one)?= <j@example.com>\r\n"
	    "To: Team: a(comment)@example.org, \"B, b\" <b@example.org>;,\r\n"
	    " not an address, help@example.org\r\n"
	    "Subject: =?utf-8?b?R3LDvMOfZQ==?=\r\n =?utf-8?q?_now?=\r\n"
	    "Message-ID: <1@example.com>\r\n"
	    "Reply-To: list@example.com\r\n"
	    "X-Auto-Response-Suppress: All\r\n"
	    "Content-Type: multipart/mixed; boundary=\"x\"\r\n\r\n"
	    "preamble\r\n--x\r\n"
	    "Content-Type: text/plain; charset=iso-8859-1\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
	    "Gr=FC=DFe\r\n"
	    "--x\r\nContent-Type: image/png; name=\"a.png\"\r\n"
	    "Content-Disposition: attachment; filename=\"b\r\n .png\"\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\nAAAAAAAA\r\n"
	    "--x\r\nContent-Type: message/rfc822\r\n\r\n"
	    "Subject: inner\r\n\r\ninner words\r\n--x--\r\n",
	    &mail);
	is_text(mail.from.name, "Jürgen (the one)", "names are decoded");
	is_text(mail.from.address, "j@example.com", "beside their addresses");
	people = mail.to.items;
	is_int((int64_t)mail.to.count, 3,
	    "groups are opened, and what is no address is left out");
	is_text(people[0].address, "a@example.org", "a comment is left out");
	is_text(people[2].address, "help@example.org", "in their order");
	people = mail.delivered_to.items;
	is_text(people[0].address, "help@example.org", "so is Delivered-To");
	is_text(mail.subject, "Grüße now", "the subject is decoded");
	is_text(mail.reply_to, "list@example.com", "Reply-To is read");
	is_text(mail.text, "Grüße", "words are decoded from their charset");
	is_text(mail.html, NULL, "there is no HTML");
	attachments = mail.attachments.items;
	is_int((int64_t)mail.attachments.count, 2, "two things are attached");
	is_text(attachments[0].name, "b .png", "with a name of one line");
	is_text(attachments[0].type, "image/png", "a type");
	is_int(attachments[0].size, 6, "and a size");
	is_text(attachments[1].type, "message/rfc822",
	    "a mail within is one of them");
	is_text(mail.response_suppress, "All", "it wants no answer");
}

static void
test_report(struct arena *arena)
{
	struct mail mail;

	read_text(arena,
	    "From: MAILER-DAEMON@example.org\r\n"
	    "To: help@example.org\r\n"
	    "Content-Type: multipart/report; report-type=delivery-status;"
	    " boundary=x\r\n\r\n"
	    "--x\r\n\r\nIt bounced.\r\n"
	    "--x\r\nContent-Type: message/delivery-status\r\n\r\n"
	    "Reporting-MTA: dns; mail.example.org\r\n\r\n"
	    "Final-Recipient: rfc822; ada@example.com\r\n"
	    "Action: failed\r\nStatus: 5.1.1\r\n"
	    "--x\r\nContent-Type: message/rfc822\r\n\r\n"
	    "Message-ID: <ours@example.org>\r\nSubject: Hi\r\n\r\nHello\r\n"
	    "--x--\r\n",
	    &mail);
	ok(mail.is_report, "a bounce is a report");
	is_text(mail.report_id, "ours@example.org", "of a mail of ours");
	is_text(mail.report_status, "5.1.1", "which is not taken");
	is_text(mail.text, "It bounced.", "in words too");
	read_text(arena,
	    "From: a@b\nContent-Type: multipart/report; boundary=x\n\n"
	    "--x\nContent-Type: text/rfc822-headers\n\n"
	    "Message-ID: <ours@example.org>\n--x--\n",
	    &mail);
	is_text(mail.report_id, "ours@example.org",
	    "of whose mail it may have the headers alone");
}

/* What is no mail, or too much of one. */
static void
test_odd(struct arena *arena)
{
	struct buf bomb;
	struct mail mail;
	size_t i;

	read_text(arena, "", &mail);
	is_text(mail.from.address, NULL, "nothing has no sender");
	read_text(arena, "\r\n\r\n\x80\xff\x01", &mail);
	is_text(mail.subject, "", "and no subject");
	ok(mail.text == NULL || text_is_clean(mail.text, strlen(mail.text)),
	    "bytes become text");
	buf_init(&bomb, arena, 64 << 20);
	buf_add_text(&bomb, "From: a@b\r\nSubject: bomb\r\n");
	for (i = 0; i < 20000; i++)
		buf_add_format(&bomb,
		    "Content-Type: multipart/mixed; boundary=b%zu\r\n\r\n"
		    "--b%zu\r\n",
		    i, i);
	mime_read(arena, buf_text(&bomb), bomb.length, &mail);
	ok(mail.is_cut, "mails in mails without end are cut off");
	is_text(mail.subject, "bomb", "and are mails still");
	buf_init(&bomb, arena, 64 << 20);
	buf_add_text(&bomb, "From: a@b\r\nSubject: parts\r\n"
			    "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
			    "--b\r\n\r\nHello\r\n");
	for (i = 0; i < 1000000; i++)
		buf_add_text(&bomb, "--b\r\n\r\nx\r\n");
	mime_read(arena, buf_text(&bomb), bomb.length, &mail);
	ok(mail.is_cut, "so are a million parts");
	is_text(mail.text, "Hello", "whose first is read");
	ok(mail.attachments.count <= 100, "and the rest is not counted");
}

/* Any bytes are read, and to the end. */
static void
test_noise(void)
{
	static const char *const pieces[] = { "From: a@b\r\n", "\r\n",
		"Content-Type: multipart/mixed; boundary=x\r\n", "--x\r\n",
		"--x--\r\n", "Content-Transfer-Encoding: base64\r\n",
		"====", "Content-Type: text/plain; charset=utf-7\r\n",
		"=?utf-8?q?=00", "\x80\xfe", "Subject: ", "<", ">", ";",
		"message/rfc822", "Content-Type: message/rfc822\r\n", "To: \"",
		"(", "\t" };
	struct arena *arena = arena_new();
	struct buf noise;
	struct mail mail;
	size_t i, j, read = 0;

	srand(7);
	for (i = 0; i < 3000; i++) {
		buf_init(&noise, arena, 65536);
		for (j = 0; j < 40; j++)
			buf_add_text(
			    &noise, pieces[(size_t)rand() % COUNT(pieces)]);
		mime_read(arena, buf_text(&noise), noise.length, &mail);
		read += text_is_clean(mail.subject, strlen(mail.subject)) &&
			(mail.text == NULL ||
			    text_is_clean(mail.text, strlen(mail.text)));
		arena_clear(arena);
	}
	is_int((int64_t)read, 3000, "whatever arrives is text or nothing");
	arena_free(arena);
}

int
main(void)
{
	struct arena *arena = arena_new();

	mime_open();
	test_write(arena);
	test_round(arena);
	test_refused(arena);
	test_read(arena);
	test_report(arena);
	test_odd(arena);
	test_noise();
	arena_free(arena);
	return done();
}
