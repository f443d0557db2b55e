#include "base/base.h"

#include "upstream/mime.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/when.h"
#include "model/mail_address.h"
#include "model/mail_letter.h"
#include "model/mail_scan.h"

#include <gmime/gmime.h>
#include <string.h>

#define DEPTH_MOST 60 /* no deeper than mail_scan_bound lets them be */
#define ATTACHMENTS_MOST 100
#define NAME_MOST 255
#define STATUS_MOST 11    /* bytes: 5.123.123 and more */
#define REPORT_MOST 16384 /* bytes of a delivery status that are read */

/* A mail as it is walked through. */
struct reading {
	struct arena *arena;
	struct mail *mail;
	struct mail_attachment *attachments;
};

static void read_headers(struct reading *reading, GMimeMessage *message);
static void walk(struct reading *reading, GMimeObject *object, int depth);

void
mime_open(void)
{
	g_mime_init();
}

void
mime_read(
    struct arena *arena, const char *bytes, size_t length, struct mail *mail)
{
	struct reading reading = { .arena = arena, .mail = mail };
	size_t bound = mail_scan_bound(bytes, length);
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, bound);
	GMimeParser *parser;
	GMimeMessage *message;

	*mail = (struct mail){ .is_cut = bound < length, .subject = "" };
	reading.attachments =
	    arena_alloc(arena, ATTACHMENTS_MOST * sizeof(*reading.attachments));
	mail->attachments.items = reading.attachments;
	arena_defer(arena, g_object_unref, stream);
	parser = g_mime_parser_new_with_stream(stream);
	arena_defer(arena, g_object_unref, parser);
	message = g_mime_parser_construct_message(parser, NULL);
	if (message == NULL)
		return;
	arena_defer(arena, g_object_unref, message);
	read_headers(&reading, message);
	if (g_mime_message_get_mime_part(message) != NULL)
		walk(&reading, g_mime_message_get_mime_part(message), 0);
}

/* --- Headers. */

/* Text in our sense: valid UTF-8, and no control characters that are none
 * of text. */
static char *
text_of(struct arena *arena, const char *bytes)
{
	gchar *valid = g_utf8_make_valid(bytes, -1);
	char *text = arena_text(arena, valid);
	size_t i;

	g_free(valid);
	for (i = 0; text[i] != '\0'; i++)
		if (((unsigned char)text[i] < ' ' &&
			strchr("\t\r\n", text[i]) == NULL) ||
		    text[i] == 0x7f)
			text[i] = ' ';
	return text;
}

static const char *
line_of(struct arena *arena, const char *bytes, size_t most)
{
	return bytes != NULL ? mail_line(arena, text_of(arena, bytes), most)
			     : NULL;
}

static const char *
header(struct reading *reading, GMimeMessage *message, const char *name)
{
	return line_of(reading->arena,
	    g_mime_object_get_header(GMIME_OBJECT(message), name),
	    MAIL_ID_MOST * MAIL_IDS_MOST);
}

/* Groups are opened; what is no plain address is left out. */
static void
add_people(struct arena *arena, InternetAddressList *list,
    struct mail_person *people, size_t *count, int depth)
{
	int i, length = list != NULL ? internet_address_list_length(list) : 0;
	InternetAddress *one;
	const char *address;

	for (i = 0; i < length && *count < MAIL_PEOPLE_MOST; i++) {
		one = internet_address_list_get_address(list, i);
		if (INTERNET_ADDRESS_IS_GROUP(one) && depth == 0)
			add_people(arena,
			    internet_address_group_get_members(
				INTERNET_ADDRESS_GROUP(one)),
			    people, count, 1);
		if (!INTERNET_ADDRESS_IS_MAILBOX(one))
			continue;
		address = internet_address_mailbox_get_addr(
		    INTERNET_ADDRESS_MAILBOX(one));
		if (address == NULL || !mail_address_is_valid(address))
			continue;
		people[(*count)++] = (struct mail_person){
			line_of(
			    arena, internet_address_get_name(one), NAME_MOST),
			arena_text(arena, address),
		};
	}
}

static struct list
people_of(struct reading *reading, InternetAddressList *list)
{
	struct mail_person *people =
	    arena_alloc(reading->arena, MAIL_PEOPLE_MOST * sizeof(*people));
	size_t count = 0;

	add_people(reading->arena, list, people, &count, 0);
	return (struct list){ people, count };
}

/* There may be several of them: the last server's comes first. */
static struct list
delivered_to(struct reading *reading, GMimeMessage *message)
{
	GMimeHeaderList *headers =
	    g_mime_object_get_header_list(GMIME_OBJECT(message));
	struct mail_person *people =
	    arena_alloc(reading->arena, MAIL_PEOPLE_MOST * sizeof(*people));
	int i, length = g_mime_header_list_get_count(headers);
	size_t count = 0;
	InternetAddressList *list;
	GMimeHeader *one;

	for (i = 0; i < length && count < MAIL_PEOPLE_MOST; i++) {
		one = g_mime_header_list_get_header_at(headers, i);
		if (!text_equal_nocase(
			g_mime_header_get_name(one), "Delivered-To"))
			continue;
		list = internet_address_list_parse(
		    NULL, g_mime_header_get_raw_value(one));
		add_people(reading->arena, list, people, &count, 0);
		if (list != NULL)
			g_object_unref(list);
	}
	return (struct list){ people, count };
}

static const char *
first_address(const struct list *people)
{
	const struct mail_person *list = people->items;

	return people->count > 0 ? list[0].address : NULL;
}

static void
read_people(struct reading *reading, GMimeMessage *message)
{
	struct mail *mail = reading->mail;
	struct list from = people_of(reading, g_mime_message_get_from(message));
	struct list reply_to =
	    people_of(reading, g_mime_message_get_reply_to(message));

	if (from.count > 0)
		mail->from = *(const struct mail_person *)from.items;
	mail->reply_to = first_address(&reply_to);
	mail->to = people_of(reading, g_mime_message_get_to(message));
	mail->cc = people_of(reading, g_mime_message_get_cc(message));
	mail->delivered_to = delivered_to(reading, message);
}

static void
read_headers(struct reading *reading, GMimeMessage *message)
{
	struct mail *mail = reading->mail;
	const char *id = g_mime_message_get_message_id(message);
	const char *subject = header(reading, message, "Subject");
	GMimeObject *part = g_mime_message_get_mime_part(message);

	read_people(reading, message);
	if (id != NULL && id[0] != '\0' && strlen(id) <= MAIL_ID_MOST)
		mail->message_id = line_of(reading->arena, id, MAIL_ID_MOST);
	if (subject != NULL)
		mail->subject =
		    mail_line(reading->arena, subject, MAIL_SUBJECT_MOST);
	mail->in_reply_to = header(reading, message, "In-Reply-To");
	mail->references = header(reading, message, "References");
	mail->auto_submitted = header(reading, message, "Auto-Submitted");
	mail->precedence = header(reading, message, "Precedence");
	mail->response_suppress =
	    header(reading, message, "X-Auto-Response-Suppress");
	mail->is_list = header(reading, message, "List-Id") != NULL ||
			header(reading, message, "List-Unsubscribe") != NULL;
	mail->is_report =
	    part != NULL &&
	    g_mime_content_type_is_type(
		g_mime_object_get_content_type(part), "multipart", "report");
}

/* --- Parts. */

static bool
is_type(GMimeObject *object, const char *type, const char *subtype)
{
	return g_mime_content_type_is_type(
	    g_mime_object_get_content_type(object), type, subtype);
}

static const char *
part_text(struct reading *reading, GMimeObject *object)
{
	char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(object));
	const char *own = text != NULL ? text_of(reading->arena, text) : NULL;

	g_free(text);
	return own;
}

/* RFC 2183, section 2.7: of what a provider's form left out. */
static int64_t
said_size(GMimePart *part)
{
	const char *said = g_mime_object_get_content_disposition_parameter(
	    GMIME_OBJECT(part), "size");
	int64_t size;

	return said != NULL && text_to_integer(said, &size) == OK && size > 0
		   ? size
		   : 0;
}

/* Decoded, into nowhere. */
static int64_t
part_size(GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GMimeStream *nowhere = g_mime_stream_null_new();
	int64_t size = 0;

	if (content != NULL)
		size = g_mime_data_wrapper_write_to_stream(content, nowhere);
	g_object_unref(nowhere);
	return size > 0 ? size : said_size(part);
}

static void
attach(struct reading *reading, GMimeObject *object)
{
	struct mail *mail = reading->mail;
	struct arena *arena = reading->arena;
	const char *name = NULL;
	char *type;

	if (mail->attachments.count == ATTACHMENTS_MOST)
		return;
	type = g_mime_content_type_get_mime_type(
	    g_mime_object_get_content_type(object));
	if (GMIME_IS_PART(object))
		name = g_mime_part_get_filename(GMIME_PART(object));
	reading->attachments[mail->attachments.count++] =
	    (struct mail_attachment){
		    .name = line_of(arena, name, NAME_MOST),
		    .type = line_of(arena, type, NAME_MOST),
		    .size = GMIME_IS_PART(object)
				? part_size(GMIME_PART(object))
				: 0,
	    };
	g_free(type);
}

/* The mail that a report is about. */
static void
read_returned(struct reading *reading, GMimeObject *object)
{
	GMimeMessage *message = NULL;
	const char *id = NULL, *text;

	if (GMIME_IS_MESSAGE_PART(object))
		message =
		    g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
	if (message != NULL)
		id = g_mime_message_get_message_id(message);
	if (GMIME_IS_TEXT_PART(object)) {
		text = part_text(reading, object);
		if (text != NULL)
			id = mail_scan_header(
			    reading->arena, text, strlen(text), "Message-ID");
		if (id != NULL)
			id += strspn(id, "<");
	}
	if (id != NULL)
		reading->mail->report_id =
		    arena_copy(reading->arena, id, strcspn(id, "> "));
}

/* RFC 3463, section 2: "5.1.1"; what is behind it is a comment. */
static size_t
status_length(const char *status)
{
	size_t length = strspn(status, "0123456789.");

	return length <= STATUS_MOST ? length : 0;
}

/* RFC 3464: a block for the mail, and one for each recipient. */
static void
read_status(struct reading *reading, GMimeObject *object)
{
	struct arena *arena = reading->arena;
	GMimeStream *stream = g_mime_stream_mem_new();
	GByteArray *bytes = g_byte_array_new();
	GMimeDataWrapper *content = NULL;
	const char *text, *status;

	g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(stream), bytes);
	if (GMIME_IS_PART(object))
		content = g_mime_part_get_content(GMIME_PART(object));
	if (content != NULL)
		(void)g_mime_data_wrapper_write_to_stream(content, stream);
	text = arena_copy(arena, bytes->data,
	    bytes->len < REPORT_MOST ? bytes->len : REPORT_MOST);
	g_object_unref(stream);
	g_byte_array_unref(bytes);
	while (*text != '\0') {
		status = mail_scan_header(arena, text, strlen(text), "Status");
		if (status != NULL)
			reading->mail->report_status =
			    arena_copy(arena, status, status_length(status));
		text = strchr(text, '\n');
		if (text == NULL)
			break;
		text++;
	}
}

/* What a report has beside its words. */
static bool
read_report_part(struct reading *reading, GMimeObject *object)
{
	if (!reading->mail->is_report)
		return false;
	if (is_type(object, "message", "delivery-status"))
		read_status(reading, object);
	else if (GMIME_IS_MESSAGE_PART(object) ||
		 is_type(object, "text", "rfc822-headers"))
		read_returned(reading, object);
	else
		return false;
	return true;
}

static void
read_leaf(struct reading *reading, GMimeObject *object)
{
	struct mail *mail = reading->mail;
	GMimeContentDisposition *disposition =
	    g_mime_object_get_content_disposition(object);
	bool attached = disposition != NULL &&
			g_mime_content_disposition_is_attachment(disposition);

	if (read_report_part(reading, object))
		return;
	if (!attached && mail->text == NULL && GMIME_IS_TEXT_PART(object) &&
	    is_type(object, "text", "plain"))
		mail->text = part_text(reading, object);
	else if (!attached && mail->html == NULL &&
		 GMIME_IS_TEXT_PART(object) && is_type(object, "text", "html"))
		mail->html = part_text(reading, object);
	else
		attach(reading, object);
}

static void
walk(struct reading *reading, GMimeObject *object, int depth)
{
	int i, count;

	if (!GMIME_IS_MULTIPART(object)) {
		read_leaf(reading, object);
		return;
	}
	count = depth < DEPTH_MOST
		    ? g_mime_multipart_get_count(GMIME_MULTIPART(object))
		    : 0;
	for (i = 0; i < count; i++)
		walk(reading,
		    g_mime_multipart_get_part(GMIME_MULTIPART(object), i),
		    depth + 1);
}

/* --- Writing. */

static bool
is_sound(const struct mail_letter *letter)
{
	const char *const lines[] = { letter->message_id, letter->in_reply_to,
		letter->references, letter->from.name, letter->subject,
		letter->unsubscribe, letter->auto_submitted };
	const char *const *cc = letter->cc.items;
	size_t i;

	for (i = 0; i < COUNT(lines); i++)
		if (lines[i] != NULL && !mail_is_line(lines[i]))
			return false;
	for (i = 0; i < letter->cc.count; i++)
		if (!mail_address_is_valid(cc[i]))
			return false;
	return letter->message_id != NULL &&
	       mail_address_is_valid(letter->from.address) &&
	       mail_address_is_valid(letter->to);
}

static void
set(GMimeMessage *message, const char *name, const char *value)
{
	g_mime_object_set_header(GMIME_OBJECT(message), name, value, "utf-8");
}

static void
set_as_it_is(struct arena *arena, GMimeMessage *message, const char *name,
    const char *value)
{
	GMimeHeaderList *list =
	    g_mime_object_get_header_list(GMIME_OBJECT(message));

	set(message, name, "");
	g_mime_header_set_raw_value(g_mime_header_list_get_header(list, name),
	    arena_format(arena, " %s\n", value));
}

static void
write_headers(struct arena *arena, GMimeMessage *message,
    const struct mail_letter *letter)
{
	const char *const *cc = letter->cc.items;
	GDateTime *date =
	    g_date_time_new_from_unix_utc(letter->date / WHEN_SECOND);
	size_t i;

	g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_FROM,
	    letter->from.name, letter->from.address);
	g_mime_message_add_mailbox(
	    message, GMIME_ADDRESS_TYPE_TO, NULL, letter->to);
	for (i = 0; i < letter->cc.count; i++)
		g_mime_message_add_mailbox(
		    message, GMIME_ADDRESS_TYPE_CC, NULL, cc[i]);
	g_mime_message_set_subject(message, letter->subject, "utf-8");
	g_mime_message_set_date(message, date);
	g_date_time_unref(date);
	g_mime_message_set_message_id(message, letter->message_id);
	if (letter->in_reply_to != NULL)
		set(message, "In-Reply-To",
		    arena_format(arena, "<%s>", letter->in_reply_to));
	if (letter->references != NULL)
		set(message, "References", letter->references);
	if (letter->auto_submitted != NULL)
		set(message, "Auto-Submitted", letter->auto_submitted);
	if (letter->unsubscribe == NULL)
		return;
	/* RFC 8058. A URL that is folded is none any more. */
	set_as_it_is(arena, message, "List-Unsubscribe",
	    arena_format(arena, "<%s>", letter->unsubscribe));
	set(message, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
}

/* A text part would choose a charset by itself. */
static GMimeObject *
text_part(const char *subtype, const char *text)
{
	GMimePart *part = g_mime_part_new_with_type("text", subtype);
	GMimeStream *stream =
	    g_mime_stream_mem_new_with_buffer(text, strlen(text));
	GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(
	    stream, GMIME_CONTENT_ENCODING_DEFAULT);

	g_mime_object_set_content_type_parameter(
	    GMIME_OBJECT(part), "charset", "utf-8");
	g_mime_part_set_content(part, content);
	g_mime_part_set_content_encoding(
	    part, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	g_object_unref(content);
	g_object_unref(stream);
	return GMIME_OBJECT(part);
}

/* The boundary is of the letter: one that is made at random would make
 * another mail of each try. */
static GMimeObject *
body_of(struct arena *arena, const struct mail_letter *letter)
{
	GMimeMultipart *both;
	GMimeObject *part;
	size_t i;

	if (letter->html == NULL || letter->text == NULL)
		return letter->html == NULL ? text_part("plain", letter->text)
					    : text_part("html", letter->html);
	both = g_mime_multipart_new_with_subtype("alternative");
	g_mime_multipart_set_boundary(both,
	    arena_format(arena, "=_%.*s", (int)strcspn(letter->message_id, "@"),
		letter->message_id));
	for (i = 0; i < 2; i++) {
		part = i == 0 ? text_part("plain", letter->text)
			      : text_part("html", letter->html);
		g_mime_multipart_add(both, part);
		g_object_unref(part);
	}
	return GMIME_OBJECT(both);
}

enum outcome
mime_write(struct arena *arena, const struct mail_letter *letter,
    const char **bytes, size_t *length)
{
	GMimeFormatOptions *options;
	GMimeMessage *message;
	GMimeObject *body;
	GMimeStream *stream;
	GByteArray *written;

	if (!is_sound(letter))
		return INVALID;
	message = g_mime_message_new(TRUE);
	write_headers(arena, message, letter);
	body = body_of(arena, letter);
	g_mime_message_set_mime_part(message, body);
	options = g_mime_format_options_new();
	g_mime_format_options_set_newline_format(
	    options, GMIME_NEWLINE_FORMAT_DOS);
	stream = g_mime_stream_mem_new();
	written = g_byte_array_new();
	g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(stream), written);
	(void)g_mime_object_write_to_stream(
	    GMIME_OBJECT(message), options, stream);
	*bytes = arena_copy(arena, written->data, written->len);
	*length = written->len;
	g_object_unref(stream);
	g_byte_array_unref(written);
	g_mime_format_options_free(options);
	g_object_unref(body);
	g_object_unref(message);
	return OK;
}
