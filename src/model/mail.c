#include "base/base.h"

#include "model/mail.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "model/mail_address.h"

#include <json-c/json.h>
#include <string.h>

#define CHAIN_KEPT 20 /* ids of References, behind the first */
#define CHAIN_MOST 32768
#define TARGETS_MOST (3 * MAIL_PEOPLE_MOST + 1)

/* --- Routing. */

static void
aim(struct arena *arena, struct mail_target *targets, size_t *count,
    const char *address, bool only_cc)
{
	const char *key = mail_address_key(arena, address);
	size_t i;

	for (i = 0; i < *count; i++)
		if (text_equal(targets[i].address, key))
			return;
	if (*count < TARGETS_MOST)
		targets[(*count)++] = (struct mail_target){ key, only_cc };
}

static bool
names(const struct list *people, const char *address)
{
	const struct mail_person *list = people->items;
	size_t i;

	for (i = 0; i < people->count; i++)
		if (text_equal_nocase(list[i].address, address))
			return true;
	return false;
}

/* Delivered-To says for whom the server took it, and not how it was named. */
static bool
is_copied(const struct mail *mail, const char *address)
{
	return names(&mail->cc, address) && !names(&mail->to, address);
}

struct list
mail_targets(
    struct arena *arena, const struct mail *mail, const char *recipient)
{
	const struct list *headers[] = { &mail->delivered_to, &mail->to,
		&mail->cc };
	struct mail_target *targets =
	    arena_alloc(arena, TARGETS_MOST * sizeof(*targets));
	const struct mail_person *people;
	size_t i, j, count = 0;

	if (recipient != NULL)
		aim(arena, targets, &count, recipient,
		    is_copied(mail, recipient));
	for (i = 0; i < COUNT(headers); i++) {
		people = headers[i]->items;
		for (j = 0; j < headers[i]->count; j++)
			aim(arena, targets, &count, people[j].address,
			    is_copied(mail, people[j].address));
	}
	return (struct list){ targets, count };
}

/* --- Who wrote it. */

static bool
is_bulk(const char *precedence)
{
	static const char *const bulk[] = { "bulk", "list", "junk",
		"auto_reply" };
	size_t i;

	for (i = 0; precedence != NULL && i < COUNT(bulk); i++)
		if (text_starts_nocase(precedence, bulk[i]))
			return true;
	return false;
}

const char *
mail_automatic(const struct mail *mail)
{
	if (mail->envelope_from != NULL && mail->envelope_from[0] == '\0')
		return "its envelope has no sender";
	if (mail->is_report)
		return "it is a report of a mail server";
	if (mail->auto_submitted != NULL &&
	    !text_equal_nocase(mail->auto_submitted, "no"))
		return "Auto-Submitted says that a program wrote it";
	if (is_bulk(mail->precedence))
		return "Precedence says that it is bulk mail";
	if (mail->is_list)
		return "it came by a mailing list";
	if (mail->response_suppress != NULL &&
	    !text_equal_nocase(mail->response_suppress, "none"))
		return "X-Auto-Response-Suppress asks for no answer";
	if (mail_address_is_robot(mail->from.address))
		return "nobody reads the sender's mailbox";
	return NULL;
}

const char *
mail_answer_to(const struct mail *mail)
{
	return mail->reply_to != NULL ? mail->reply_to : mail->from.address;
}

/* --- Threads. */

/* Each <id> of a header's value; what is between them may be comments. */
static void
take_ids(
    struct arena *arena, const char *value, const char **ids, size_t *count)
{
	const char *end;
	size_t length;

	while (value != NULL && *count < MAIL_IDS_MOST) {
		value = strchr(value, '<');
		end = value != NULL ? strchr(value, '>') : NULL;
		if (end == NULL)
			return;
		length = (size_t)(end - value) - 1;
		if (length > 0 && length <= MAIL_ID_MOST)
			ids[(*count)++] = arena_copy(arena, value + 1, length);
		value = end + 1;
	}
}

/* The last of References is the nearest. */
struct list
mail_parents(struct arena *arena, const struct mail *mail)
{
	const char **chain = arena_alloc(arena, MAIL_IDS_MOST * sizeof(*chain));
	const char **ids = arena_alloc(arena, 2 * MAIL_IDS_MOST * sizeof(*ids));
	size_t length = 0, count = 0;

	take_ids(arena, mail->in_reply_to, ids, &count);
	take_ids(arena, mail->references, chain, &length);
	while (length > 0)
		ids[count++] = chain[--length];
	return (struct list){ ids, count };
}

const char *
mail_chain(struct arena *arena, const char *references, const char *message_id)
{
	const char **ids =
	    arena_alloc(arena, (MAIL_IDS_MOST + 1) * sizeof(*ids));
	struct buf chain;
	size_t i, count = 0;

	buf_init(&chain, arena, CHAIN_MOST);
	take_ids(arena, references, ids, &count);
	if (message_id != NULL)
		ids[count++] = message_id;
	for (i = 0; i < count; i++) {
		if (i > 0 && count > CHAIN_KEPT + 1 && i < count - CHAIN_KEPT)
			continue;
		if (strpbrk(ids[i], " \t\r\n<>") != NULL)
			continue;
		buf_add_format(
		    &chain, "%s<%s>", chain.length > 0 ? " " : "", ids[i]);
	}
	return chain.length > 0 ? buf_text(&chain) : NULL;
}

/* --- Copies. */

static bool
has_text(struct json_object *array, const char *text)
{
	size_t i;

	for (i = 0; i < json_object_array_length(array); i++)
		if (text_equal_nocase(json_object_get_string(
					  json_object_array_get_idx(array, i)),
			text))
			return true;
	return false;
}

static struct json_object *
array_of(struct arena *arena, const char *json)
{
	struct json_object *array;
	struct json_fault fault;

	if (json == NULL ||
	    json_parse(arena, json, strlen(json), &array, &fault) != OK ||
	    !json_object_is_type(array, json_type_array))
		return json_own(arena, json_object_new_array());
	return array;
}

static void
add_copies(struct json_object *cc, const struct list *people,
    struct json_object *own, const char *sender)
{
	const struct mail_person *list = people->items;
	const char *address;
	size_t i;

	for (i = 0; i < people->count; i++) {
		address = list[i].address;
		if (has_text(own, address) || has_text(cc, address) ||
		    text_equal_nocase(address, sender) ||
		    mail_address_is_robot(address))
			continue;
		(void)json_object_array_add(cc, json_string(address));
	}
}

const char *
mail_reply_cc(struct arena *arena, const struct mail *mail, const char *own)
{
	struct json_object *cc = json_own(arena, json_object_new_array());
	struct json_object *agent = array_of(arena, own);
	const char *sender = mail_answer_to(mail);

	add_copies(cc, &mail->to, agent, sender);
	add_copies(cc, &mail->cc, agent, sender);
	return json_text(arena, cc);
}

const char *
mail_cc_with(struct arena *arena, const char *cc, const char *address)
{
	struct json_object *array = array_of(arena, cc);

	if (!has_text(array, address))
		(void)json_object_array_add(array, json_string(address));
	return json_text(arena, array);
}

/* --- Texts. */

bool
mail_is_line(const char *text)
{
	size_t i;

	for (i = 0; text[i] != '\0'; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return false;
	return true;
}

const char *
mail_line(struct arena *arena, const char *text, size_t most)
{
	char *line = arena_text(arena, text);
	size_t i, length = strlen(line);

	while (length > most && (line[most] & 0xc0) == 0x80)
		most--;
	if (length > most)
		line[most] = '\0';
	for (i = 0; line[i] != '\0'; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			line[i] = ' ';
	return text_trim(arena, line);
}

const char *
mail_people_json(struct arena *arena, const struct list *people)
{
	struct json_object *array = json_own(arena, json_object_new_array());
	const struct mail_person *list = people->items;
	size_t i;

	for (i = 0; i < people->count; i++)
		(void)json_object_array_add(
		    array, json_string(list[i].address));
	return json_text(arena, array);
}

struct list
mail_texts(struct arena *arena, const char *json)
{
	struct json_object *array = array_of(arena, json);
	size_t i, count = json_object_array_length(array);
	const char **texts = arena_alloc(arena, (count + 1) * sizeof(*texts));

	for (i = 0; i < count; i++)
		texts[i] =
		    json_object_get_string(json_object_array_get_idx(array, i));
	return (struct list){ texts, count };
}

const char *
mail_media(struct arena *arena, const struct mail *mail)
{
	const struct mail_attachment *list = mail->attachments.items;
	struct json_object *array, *item;
	size_t i;

	if (mail->attachments.count == 0)
		return NULL;
	array = json_own(arena, json_object_new_array());
	for (i = 0; i < mail->attachments.count; i++) {
		item = json_object_new_object();
		(void)json_object_object_add(
		    item, "filename", json_string(list[i].name));
		(void)json_object_object_add(
		    item, "content_type", json_string(list[i].type));
		(void)json_object_object_add(
		    item, "size", json_object_new_int64(list[i].size));
		(void)json_object_array_add(array, item);
	}
	return json_text(arena, array);
}
