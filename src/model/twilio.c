#include "base/base.h"

#include "model/twilio.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/hmac.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/when.h"
#include "model/channel.h"
#include "model/field.h"
#include "model/message.h"
#include "model/progress.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#define SIGNED_MOST (4 << 20) /* bytes; a form has fewer */
#define BODY_MOST 10000       /* characters; other channels have long texts */

/* clang-format off */
static const struct {
	const char *word;
	int status;
} statuses[] = {
	{ "accepted",            MESSAGE_QUEUED },
	{ "scheduled",           MESSAGE_QUEUED },
	{ "queued",              MESSAGE_QUEUED },
	{ "sending",             MESSAGE_QUEUED },
	{ "sent",                MESSAGE_SENT },
	{ "partially_delivered", MESSAGE_SENT },
	{ "delivered",           MESSAGE_DELIVERED },
	{ "read",                MESSAGE_READ },
	{ "undelivered",         MESSAGE_UNDELIVERED },
	{ "failed",              MESSAGE_FAILED },
	{ "canceled",            MESSAGE_FAILED },
};

/* A carrier that stopped before anybody answered was told to. */
static const struct {
	const char *word;
	int progress;
} steps[] = {
	{ "queued",      PROGRESS_TRIGGERED },
	{ "initiated",   PROGRESS_TRIGGERED },
	{ "ringing",     PROGRESS_RINGING },
	{ "in-progress", PROGRESS_IN_PROGRESS },
	{ "completed",   PROGRESS_COMPLETED },
	{ "busy",        PROGRESS_UNANSWERED },
	{ "no-answer",   PROGRESS_UNANSWERED },
	{ "failed",      PROGRESS_FAILED },
	{ "canceled",    PROGRESS_CANCELLED },
};

static const struct {
	const char *prefix;
	int channel;
} prefixes[] = {
	{ "whatsapp:", CHANNEL_WHATSAPP },
	{ "rcs:",      CHANNEL_SMS },
};

static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May",
	"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

/* The ports that a URL need not name. */
static const struct {
	const char *scheme, *port;
} schemes[] = {
	{ "https://", ":443" },
	{ "http://",  ":80" },
};
/* clang-format on */

#define AT(member) FIELD_AT(struct twilio_report, member)

/* clang-format off */
static const struct field report_fields[] = {
	{ "AccountSid", FIELD_TEXT, FIELD_REQUIRED, AT(account_sid), 1, 64 },
	{ "MessageSid", FIELD_TEXT, FIELD_REQUIRED, AT(message_sid), 1, 64 },
	{ "MessageStatus", FIELD_TEXT, FIELD_REQUIRED, AT(message_status),
	    1, 64 },
	{ "ErrorCode", FIELD_TEXT, FIELD_NULLABLE, AT(error_code), 0, 64 },
};
/* clang-format on */

#define TEXT_AT(member) FIELD_AT(struct twilio_text, member)
#define MEDIA(n)                                                               \
	{ "MediaUrl" #n, FIELD_TEXT, FIELD_NULLABLE, TEXT_AT(media_url[n]), 0, \
		2048 },                                                        \
	{                                                                      \
		"MediaContentType" #n, FIELD_TEXT, FIELD_NULLABLE,             \
		    TEXT_AT(media_type[n]), 0, 255                             \
	}

/* clang-format off */
static const struct field text_fields[] = {
	{ "AccountSid", FIELD_TEXT, FIELD_REQUIRED, TEXT_AT(account_sid),
	    1, 64 },
	{ "MessageSid", FIELD_TEXT, FIELD_REQUIRED, TEXT_AT(message_sid),
	    1, 64 },
	{ "From", FIELD_TEXT, FIELD_REQUIRED, TEXT_AT(from), 1, 255 },
	{ "To", FIELD_TEXT, FIELD_REQUIRED, TEXT_AT(to), 1, 255 },
	{ "Body", FIELD_TEXT, FIELD_NULLABLE, TEXT_AT(body), 0, BODY_MOST },
	{ "NumMedia", FIELD_INTEGER, FIELD_NULLABLE, TEXT_AT(media_count),
	    0, 100 },
	MEDIA(0), MEDIA(1), MEDIA(2), MEDIA(3), MEDIA(4),
	MEDIA(5), MEDIA(6), MEDIA(7), MEDIA(8), MEDIA(9),
};
/* clang-format on */

const struct schema twilio_text_schema =
    SCHEMA("TwilioText", text_fields, struct twilio_text);

const struct schema twilio_report_schema =
    SCHEMA("TwilioReport", report_fields, struct twilio_report);

#define CALL_AT(member) FIELD_AT(struct twilio_call, member)

/* clang-format off */
static const struct field call_fields[] = {
	{ "AccountSid", FIELD_TEXT, FIELD_REQUIRED, CALL_AT(account_sid),
	    1, 64 },
	{ "CallSid", FIELD_TEXT, FIELD_REQUIRED, CALL_AT(call_sid), 1, 64 },
	{ "CallStatus", FIELD_TEXT, FIELD_NULLABLE, CALL_AT(call_status),
	    0, 64 },
	{ "From", FIELD_TEXT, FIELD_NULLABLE, CALL_AT(from), 0, 255 },
	{ "To", FIELD_TEXT, FIELD_NULLABLE, CALL_AT(to), 0, 255 },
	{ "CallDuration", FIELD_TEXT, FIELD_NULLABLE, CALL_AT(call_duration),
	    0, 20 },
	{ "SpeechResult", FIELD_TEXT, FIELD_NULLABLE, CALL_AT(speech_result),
	    0, BODY_MOST },
	{ "Digits", FIELD_TEXT, FIELD_NULLABLE, CALL_AT(digits), 0, 255 },
};
/* clang-format on */

const struct schema twilio_call_schema =
    SCHEMA("TwilioCall", call_fields, struct twilio_call);

/* A name and its value. */
struct parameter {
	const char *name, *value;
};

/* By the order of bytes; what is repeated then lies side by side. */
static int
compare(const void *a, const void *b)
{
	const struct parameter *first = a, *second = b;
	int order = strcmp(first->name, second->name);

	return order != 0 ? order : strcmp(first->value, second->value);
}

static struct parameter *
sort(struct arena *arena, const char *const *pairs, size_t *count)
{
	struct parameter *list;
	size_t i;

	for (*count = 0; pairs[2 * *count] != NULL; ++*count)
		continue;
	list = arena_alloc(arena, (*count + 1) * sizeof(*list));
	for (i = 0; i < *count; i++) {
		list[i].name = pairs[2 * i];
		list[i].value = pairs[2 * i + 1];
	}
	qsort(list, *count, sizeof(*list), compare);
	return list;
}

/* What is given twice is signed once. */
const char *
twilio_sign(struct arena *arena, const char *token, const char *url,
    const char *const *pairs)
{
	size_t i, count;
	struct parameter *list = sort(arena, pairs, &count);
	struct buf data;

	buf_init(&data, arena, SIGNED_MOST);
	buf_add_text(&data, url);
	for (i = 0; i < count; i++) {
		if (i > 0 && compare(&list[i - 1], &list[i]) == 0)
			continue;
		buf_add_text(&data, list[i].name);
		buf_add_text(&data, list[i].value);
	}
	return hmac_sha1_base64(
	    arena, token, strlen(token), buf_text(&data), data.length);
}

/* The URL with its scheme's own port if it names none, without it if it
 * does; NULL: its port is another. */
static const char *
other_form(struct arena *arena, const char *url)
{
	const char *host, *port;
	size_t i, length, host_length;

	for (i = 0; i < COUNT(schemes); i++)
		if (text_starts(url, schemes[i].scheme))
			break;
	if (i == COUNT(schemes))
		return NULL;
	host = url + strlen(schemes[i].scheme);
	host_length = strcspn(host, "/?");
	/* The colons of an IPv6 address stand in brackets. */
	length = host[0] == '[' ? strcspn(host, "]") : 0;
	length += strcspn(host + length, ":/?");
	port = host + length;
	if (length == host_length)
		return arena_format(arena, "%.*s%s%s", (int)(port - url), url,
		    schemes[i].port, port);
	if (host_length - length != strlen(schemes[i].port) ||
	    strncmp(port, schemes[i].port, host_length - length) != 0)
		return NULL;
	return arena_format(
	    arena, "%.*s%s", (int)(port - url), url, host + host_length);
}

static bool
matches(const char *wanted, const char *given)
{
	size_t length = strlen(wanted);

	return strlen(given) == length && secret_equal(wanted, given, length);
}

bool
twilio_is_signed(struct arena *arena, const char *token, const char *url,
    const char *const *pairs, const char *signature)
{
	const char *other = other_form(arena, url);
	bool good;

	if (signature == NULL)
		signature = "";
	good = matches(twilio_sign(arena, token, url, pairs), signature);
	if (other != NULL &&
	    matches(twilio_sign(arena, token, other, pairs), signature))
		good = true;
	return good;
}

enum outcome
twilio_status(const char *word, int *status)
{
	size_t i;

	for (i = 0; i < COUNT(statuses); i++) {
		if (!text_equal(statuses[i].word, word))
			continue;
		*status = statuses[i].status;
		return OK;
	}
	return NOT_FOUND;
}

enum outcome
twilio_progress(const char *word, int *progress)
{
	size_t i;

	for (i = 0; i < COUNT(steps); i++) {
		if (!text_equal(steps[i].word, word))
			continue;
		*progress = steps[i].progress;
		return OK;
	}
	return NOT_FOUND;
}

/* Is it a whole number within these limits? */
static bool
number(const char *text, int least, int most, int *read)
{
	int64_t value;

	if (text_to_integer(text, &value) != OK || value < least ||
	    value > most)
		return false;
	*read = (int)value;
	return true;
}

static bool
month_of(const char *word, int *month)
{
	size_t i;

	for (i = 0; i < COUNT(months) && !text_equal(months[i], word); i++)
		continue;
	*month = (int)i + 1;
	return i < COUNT(months);
}

/* "Thu, 24 Aug 2023 05:01:45 +0000" is seven numbers, words and a zone,
 * once the colons are taken for spaces. */
enum outcome
twilio_when(struct arena *arena, const char *text, int64_t *when)
{
	enum { WEEKDAY, DAY, MONTH, YEAR, HOUR, MINUTE, SECOND, ZONE, PARTS };
	const char *parts[PARTS + 1] = { NULL }, **words;
	char *c, *copy = arena_text(arena, text);
	struct calendar calendar = { 0 };
	bool good = true;
	size_t i;

	for (c = copy; *c != '\0'; c++)
		*c = *c == ':' ? ' ' : *c;
	words = text_split(arena, copy, ' ');
	for (i = 0; i < COUNT(parts) && words[i] != NULL; i++)
		parts[i] = words[i];
	if (i != PARTS || !text_equal(parts[ZONE], "+0000"))
		return INVALID;
	good &= number(parts[YEAR], 1970, 9999, &calendar.year);
	good &= month_of(parts[MONTH], &calendar.month);
	good &= number(parts[DAY], 1, 31, &calendar.day);
	good &= number(parts[HOUR], 0, 23, &calendar.hour);
	good &= number(parts[MINUTE], 0, 59, &calendar.minute);
	good &= number(parts[SECOND], 0, 59, &calendar.second);
	if (!good)
		return INVALID;
	*when = when_from_calendar(&calendar);
	return OK;
}

const char *
twilio_address(const char *address, int *channel)
{
	size_t i;

	*channel = CHANNEL_SMS;
	for (i = 0; i < COUNT(prefixes); i++)
		if (text_starts(address, prefixes[i].prefix)) {
			*channel = prefixes[i].channel;
			return address + strlen(prefixes[i].prefix);
		}
	return address;
}

const char *
twilio_media(struct arena *arena, const struct twilio_text *text)
{
	struct json_object *list = json_own(arena, json_object_new_array());
	struct json_object *item;
	size_t i;

	for (i = 0; i < TWILIO_MEDIA; i++) {
		if (text->media_url[i] == NULL || text->media_url[i][0] == '\0')
			continue;
		item = json_object_new_object();
		(void)json_object_object_add(
		    item, "url", json_string(text->media_url[i]));
		(void)json_object_object_add(
		    item, "content_type", json_string(text->media_type[i]));
		(void)json_object_array_add(list, item);
	}
	return json_object_array_length(list) > 0 ? json_text(arena, list)
						  : NULL;
}
