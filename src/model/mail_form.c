#include "base/base.h"

#include "model/mail_form.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/text.h"
#include "model/mail.h"

#include <json-c/json.h>
#include <string.h>

#define BOUNDARY "=_parley_form"
#define HEADERS_MOST 262144
#define HEADER_MOST 16384
#define LINE 60 /* bytes in a line of base64 */
#define ROOM ((size_t)64 << 20)

/* What says how the body was encoded is said anew. */
static bool
is_ours(const char *name)
{
	return text_starts_nocase(name, "content-") ||
	       text_starts_nocase(name, "mime-version");
}

static void
add_header(
    struct arena *arena, struct buf *mail, const char *name, const char *value)
{
	if (value == NULL || is_ours(name) || strpbrk(name, ": \r\n") != NULL)
		return;
	buf_add_format(
	    mail, "%s: %s\r\n", name, mail_line(arena, value, HEADER_MOST));
}

static const char *
text_at(struct json_object *pair, size_t index)
{
	struct json_object *item = json_object_array_get_idx(pair, index);

	return json_object_is_type(item, json_type_string)
		   ? json_object_get_string(item)
		   : NULL;
}

static bool
add_pairs(struct arena *arena, struct buf *mail, const char *json)
{
	struct json_object *list, *pair;
	struct json_fault fault;
	const char *name;
	size_t i;

	if (json == NULL ||
	    json_parse(arena, json, strlen(json), &list, &fault) != OK ||
	    !json_object_is_type(list, json_type_array))
		return false;
	for (i = 0; i < json_object_array_length(list); i++) {
		pair = json_object_array_get_idx(list, i);
		if (!json_object_is_type(pair, json_type_array))
			continue;
		name = text_at(pair, 0);
		if (name != NULL)
			add_header(arena, mail, name, text_at(pair, 1));
	}
	return i > 0;
}

/* Each header with the lines that it goes on in. */
static bool
add_lines(struct buf *mail, const char *headers)
{
	bool keeps = false;
	size_t length;

	if (headers == NULL || headers[0] == '\0')
		return false;
	for (; *headers != '\0'; headers += length) {
		length = strcspn(headers, "\n");
		if (length == 0 || headers[0] == '\r')
			break;
		if (headers[0] != ' ' && headers[0] != '\t')
			keeps = !is_ours(headers);
		if (keeps) {
			buf_add(mail, headers,
			    headers[length - 1] == '\r' ? length - 1 : length);
			buf_add_text(mail, "\r\n");
		}
		length += headers[length] == '\n';
	}
	return true;
}

static void
add_headers(struct arena *arena, struct buf *mail, const struct mail_form *form)
{
	if (add_pairs(arena, mail, form->header_pairs) ||
	    add_lines(mail, form->headers))
		return;
	add_header(arena, mail, "From", form->from);
	add_header(arena, mail, "To", form->to);
	add_header(arena, mail, "Cc", form->cc);
	add_header(arena, mail, "Subject", form->subject);
}

static bool
is_token(const char *text)
{
	return text != NULL && text[0] != '\0' &&
	       text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789-_.+/")] == '\0';
}

static void
add_body(struct arena *arena, struct buf *mail, const char *type,
    const struct mail_form_body *body)
{
	size_t at, length;

	if (body->bytes == NULL)
		return;
	buf_add_format(mail,
	    "--" BOUNDARY "\r\nContent-Type: %s; charset=%s\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\n",
	    type, is_token(body->charset) ? body->charset : "utf-8");
	for (at = 0; at < body->length; at += length) {
		length = body->length - at < LINE ? body->length - at : LINE;
		buf_add_format(mail, "%s\r\n",
		    secret_base64(arena, body->bytes + at, length));
	}
}

/* RFC 2231 for the name, RFC 2183 for the size. */
static void
add_file(struct buf *mail, const struct mail_form_file *file)
{
	const char *name = file->name != NULL ? file->name : "";
	size_t i;

	buf_add_format(mail,
	    "--" BOUNDARY "\r\nContent-Type: %s\r\n"
	    "Content-Disposition: attachment; size=%zu; filename*=utf-8''",
	    is_token(file->type) ? file->type : "application/octet-stream",
	    file->size);
	for (i = 0; i < 255 && name[i] != '\0'; i++)
		buf_add_format(mail, "%%%02X", (unsigned char)name[i]);
	buf_add_text(mail, "\r\n\r\n");
}

void
mail_form_write(struct arena *arena, const struct mail_form *form,
    const char **bytes, size_t *length)
{
	struct buf mail, head;
	size_t i;

	buf_init(&mail, arena, ROOM);
	buf_init(&head, arena, HEADERS_MOST);
	add_headers(arena, &head, form);
	buf_add(&mail, buf_text(&head), head.length);
	buf_add_text(&mail,
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: multipart/mixed; boundary=\"" BOUNDARY "\"\r\n\r\n");
	add_body(arena, &mail, "text/plain", &form->text);
	add_body(arena, &mail, "text/html", &form->html);
	for (i = 0; i < form->files_count && i < MAIL_FORM_FILES; i++)
		add_file(&mail, &form->files[i]);
	buf_add_text(&mail, "--" BOUNDARY "--\r\n");
	*bytes = buf_text(&mail);
	*length = mail.length;
}
