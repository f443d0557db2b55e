/*
 * A form is a mail again.
 */
#include "base/base.h"

#include "base/arena.h"
#include "model/mail_form.h"
#include "model/mail_scan.h"

#include "tap.h"

static const char *
written(struct arena *arena, const struct mail_form *form)
{
	const char *bytes;
	size_t length;

	mail_form_write(arena, form, &bytes, &length);
	return bytes;
}

static const char *
header(struct arena *arena, const char *mail, const char *name)
{
	return mail_scan_header(arena, mail, strlen(mail), name);
}

int
main(void)
{
	struct arena *arena = arena_new();
	static const struct mail_form_file file = { "b\".png", "image/png", 7 };
	struct mail_form form = {
		.header_pairs = "[[\"From\",\"a@b\\r\\nBcc: c@d\"],"
				"[\"Content-Type\",\"text/plain\"],"
				"[\"X: y\",\"z\"],[1,2],3]",
		.text = { "Hi", 2, NULL },
		.html = { "<p>\xff", 4, "iso-8859-1" },
		.files = &file,
		.files_count = 1,
	};
	const char *mail = written(arena, &form);

	is_text(header(arena, mail, "From"), "a@b  Bcc: c@d",
	    "a header is one line");
	is_text(header(arena, mail, "Bcc"), NULL, "and makes no other");
	is_text(header(arena, mail, "X"), NULL, "nor does a name");
	is_text(header(arena, mail, "Content-Type"),
	    "multipart/mixed; boundary=\"=_parley_form\"",
	    "how it is encoded is said anew");
	ok(strstr(mail, "text/plain; charset=utf-8") != NULL &&
		strstr(mail, "\r\n\r\nSGk=\r\n") != NULL,
	    "the text is there");
	ok(strstr(mail, "text/html; charset=iso-8859-1") != NULL,
	    "so is the HTML, by its charset");
	ok(strstr(mail, "size=7; filename*=utf-8''%62%22%2E%70%6E%67\r\n") !=
		NULL,
	    "and of the file its size and name");
	form = (struct mail_form){
		.headers = "From: a@b\nContent-Type: x\n y\nTo: c@d,\n e@f\n",
	};
	mail = written(arena, &form);
	is_text(header(arena, mail, "To"), "c@d, e@f",
	    "headers that were sent as they were stay so");
	is_text(header(arena, mail, "Content-Type"),
	    "multipart/mixed; boundary=\"=_parley_form\"",
	    "but those of the encoding");
	form = (struct mail_form){ .from = "a@b", .subject = "Hi" };
	mail = written(arena, &form);
	is_text(
	    header(arena, mail, "From"), "a@b", "without headers fields serve");
	is_text(header(arena, mail, "Subject"), "Hi", "for them");
	arena_free(arena);
	return done();
}
