#include "base/base.h"

#include "store/mail_arrival.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/when.h"
#include "db/stmt.h"
#include "model/agent_config.h"
#include "model/channel.h"
#include "model/email_address.h"
#include "model/keyword.h"
#include "model/mail_address.h"
#include "model/mail_delivery.h"
#include "model/mail_text.h"
#include "store/agent_version.h"
#include "store/conversation.h"
#include "store/email_address.h"
#include "store/message.h"
#include "store/suppression.h"

#include <string.h>

#define PARENTS_MOST 30     /* ids that are looked for */
#define BODY_MOST (1 << 20) /* bytes of its text, and of its HTML */
#define HOUR (3600 * WHEN_SECOND)
#define ANSWERS_MOST 20 /* to one user within an hour: more is a loop */

static enum outcome find_place(
    struct db *db, struct arena *arena, struct mail_arrival *arrival);
static enum outcome find_reason(
    struct db *db, struct arena *arena, struct mail_arrival *arrival);
static enum outcome join(
    struct db *db, struct arena *arena, struct mail_arrival *arrival);

/* --- What it is. */

static enum outcome
leave(struct mail_arrival *arrival, const char *reason)
{
	arrival->fate = MAIL_LEFT;
	arrival->reason = reason;
	return OK;
}

/* A report of a mail server on a mail of ours.  NOT_FOUND: it is none. */
static enum outcome
take_report(struct db *db, struct arena *arena, struct mail_arrival *arrival)
{
	const struct mail *mail = arrival->mail;
	struct mail_report report = {
		.message_id = mail->report_id,
		.delivery = DELIVERY_BOUNCED,
		.error_code = mail->report_status,
	};

	if (!mail->is_report || mail->report_id == NULL ||
	    mail->report_status == NULL)
		return NOT_FOUND;
	arrival->fate = MAIL_REPORTED;
	/* RFC 3463: 2 is delivered, 4 is not yet. */
	if (mail->report_status[0] == '4')
		return OK;
	if (mail->report_status[0] == '2')
		report.delivery = DELIVERY_DELIVERED;
	return mail_report_apply(db, arena, &arrival->account, &report);
}

static const char *
words_of(struct arena *arena, const struct mail *mail)
{
	const char *text = mail->text;

	if ((text == NULL || text_is_blank(text)) && mail->html != NULL)
		text = mail_text_of_html(arena, mail->html, BODY_MOST);
	return text != NULL ? mail_text_fresh(arena, text, MAIL_TEXT_MOST) : "";
}

enum outcome
mail_arrival_store(
    struct db *db, struct arena *arena, struct mail_arrival *arrival)
{
	enum outcome rc = take_report(db, arena, arrival);

	if (rc != NOT_FOUND)
		return rc;
	arrival->reason = NULL;
	if (arrival->mail->from.address == NULL)
		return leave(arrival, "nobody is named as its sender");
	arrival->user = mail_address_key(arena, mail_answer_to(arrival->mail));
	arrival->text = words_of(arena, arrival->mail);
	arrival->fate = MAIL_KEPT;
	rc = find_place(db, arena, arrival);
	if (rc == NOT_FOUND)
		return leave(arrival, "no agent answers at its addresses");
	if (rc != OK || arrival->fate == MAIL_REPEATED)
		return rc;
	rc = find_reason(db, arena, arrival);
	return rc == OK ? join(db, arena, arrival) : rc;
}

/* --- Where it belongs. */

static bool
is_of(struct arena *arena, const struct mail_thread *thread, const char *user)
{
	struct list cc = mail_texts(arena, thread->cc);
	const char *const *list = cc.items;
	size_t i;

	if (text_equal(thread->user_address, user))
		return true;
	for (i = 0; i < cc.count; i++)
		if (text_equal_nocase(list[i], user))
			return true;
	return false;
}

/* The open conversation with this agent that one of these mails is of. */
static enum outcome
find_among(struct db *db, struct arena *arena, struct mail_arrival *arrival,
    const char *address, const struct rows *rows)
{
	const struct mail_parent *list = rows->list;
	struct conversation *conversation = &arrival->thread.conversation;
	size_t i;
	enum outcome rc;

	for (i = 0; i < rows->count; i++) {
		if (!text_equal(list[i].thread.agent_address, address) ||
		    !is_of(arena, &list[i].thread, arrival->user))
			continue;
		rc = conversation_lock(db, arena, &arrival->account,
		    &list[i].thread.conversation_id, conversation);
		if (rc == OK && conversation->is_active) {
			arrival->between = list[i].thread;
			return OK;
		}
		if (rc != OK && rc != NOT_FOUND)
			return rc;
	}
	return NOT_FOUND;
}

static enum outcome
find_thread(struct db *db, struct arena *arena, struct mail_arrival *arrival,
    const char *address)
{
	struct list ids = mail_parents(arena, arrival->mail);
	const char *const *list = ids.items;
	struct rows rows;
	size_t i;
	enum outcome rc = NOT_FOUND;

	for (i = 0; rc == NOT_FOUND && i < ids.count && i < PARENTS_MOST; i++) {
		rc = mail_parents_find(
		    db, arena, &arrival->account, list[i], &rows);
		if (rc == OK)
			rc = find_among(db, arena, arrival, address, &rows);
	}
	return rc;
}

/* The mail itself, when it comes another time. */
static enum outcome
find_repeated(struct db *db, struct arena *arena, struct mail_arrival *arrival,
    const char *address)
{
	const struct mail_parent *list;
	struct rows rows;
	size_t i;
	enum outcome rc;

	if (arrival->mail->message_id == NULL)
		return OK;
	rc = mail_parents_find(
	    db, arena, &arrival->account, arrival->mail->message_id, &rows);
	list = rows.list;
	for (i = 0; rc == OK && i < rows.count; i++)
		if (text_equal(list[i].thread.agent_address, address) &&
		    is_of(arena, &list[i].thread, arrival->user))
			arrival->fate = MAIL_REPEATED;
	return rc;
}

static enum outcome
begin(struct db *db, struct arena *arena, struct mail_arrival *arrival,
    const struct email_address *address)
{
	const struct pair pair = { CHANNEL_EMAIL, arrival->user,
		address->address };
	struct conversation *conversation = &arrival->thread.conversation;
	struct agent_version version;
	enum outcome rc = agent_version_find(db, arena, &arrival->account,
	    &address->inbound_agent_version_id, &version);

	if (rc == OK)
		rc = thread_open(db, arena, &arrival->account, &pair, false,
		    &arrival->thread);
	if (rc != OK)
		return rc;
	conversation->agent_id = version.agent_id;
	conversation->agent_version_id = version.id;
	conversation->subject = arrival->mail->subject;
	arrival->between = (struct mail_thread){
		.conversation_id = conversation->id,
		.agent_address = address->address,
		.user_address = arrival->user,
		.cc = "[]",
	};
	return mail_thread_insert(db, &arrival->account, &arrival->between);
}

/* NOT_FOUND: this address is not ours, or nobody answers there. */
static enum outcome
try_target(struct db *db, struct arena *arena, struct mail_arrival *arrival,
    const struct mail_target *target)
{
	struct email_address address;
	enum outcome rc = email_address_find_for(
	    db, arena, &arrival->account, target->address, &address);

	if (rc == OK)
		rc = find_repeated(db, arena, arrival, address.address);
	if (rc != OK || arrival->fate == MAIL_REPEATED)
		return rc;
	arrival->only_cc = target->only_cc;
	arrival->thread = (struct thread){ .is_new = false };
	rc = find_thread(db, arena, arrival, address.address);
	if (rc != NOT_FOUND)
		return rc;
	if (id_is_none(&address.inbound_agent_version_id))
		return NOT_FOUND;
	return begin(db, arena, arrival, &address);
}

static enum outcome
find_place(struct db *db, struct arena *arena, struct mail_arrival *arrival)
{
	struct list list =
	    mail_targets(arena, arrival->mail, arrival->recipient);
	const struct mail_target *targets = list.items;
	struct conversation *conversation = &arrival->thread.conversation;
	size_t i;
	enum outcome rc = NOT_FOUND;

	for (i = 0; rc == NOT_FOUND && i < list.count; i++)
		rc = try_target(db, arena, arrival, &targets[i]);
	if (rc != OK || arrival->fate == MAIL_REPEATED)
		return rc;
	rc = conduct_find(db, arena, conversation, &arrival->conduct);
	if (rc != OK)
		return rc;
	if (arrival->thread.is_new)
		conversation->webhook = arrival->conduct.config.webhook;
	arrival->thread.webhook = arrival->conduct.config.webhook;
	return OK;
}

/* --- Whether it is answered. */

static enum outcome
count_answers(struct db *db, struct arena *arena, struct mail_arrival *arrival)
{
	struct message_sent sent;
	enum outcome rc = message_count_sent_since(db, arena, &arrival->account,
	    &arrival->thread.conversation.pair, when_now() - HOUR, &sent);

	if (rc == OK && sent.count >= ANSWERS_MOST)
		arrival->reason = "too much was sent there within the hour:"
				  " another program may be at the other end";
	return rc;
}

static enum outcome
find_suppression(
    struct db *db, struct arena *arena, struct mail_arrival *arrival)
{
	struct suppression found;
	enum outcome rc = suppression_find(
	    db, arena, &arrival->account, CHANNEL_EMAIL, arrival->user, &found);

	if (rc == NOT_FOUND)
		return OK;
	if (rc == OK && keyword_of(arrival->text) == KEYWORD_START) {
		arrival->reason = "the user wants mail again";
		return suppression_remove(
		    db, &arrival->account, CHANNEL_EMAIL, arrival->user);
	}
	if (rc == OK)
		arrival->reason =
		    arena_format(arena, "the address is not written to: %s",
			names_text(&suppression_reason_names, found.reason));
	return rc;
}

static int
cc_policy(const struct mail_arrival *arrival)
{
	const struct agent_config *agent = arrival->conduct.agent;

	return agent != NULL ? agent->properties.email.cc_reply_policy
			     : CC_CONDITIONAL;
}

static const char *
plain_reason(const struct mail_arrival *arrival)
{
	const struct agent_config *agent = arrival->conduct.agent;
	const char *reason = mail_automatic(arrival->mail);
	int policy = cc_policy(arrival);

	if (reason != NULL)
		return reason;
	if (text_equal_nocase(
		arrival->mail->from.address, arrival->between.agent_address) ||
	    text_equal(arrival->user, arrival->between.agent_address))
		return "it is from the agent itself";
	if (agent != NULL && !agent->properties.email.delivery.enabled)
		return "the agent does not write mail";
	if (arrival->thread.conversation.human_handoff_at != 0)
		return "a person has taken over";
	if (arrival->only_cc && policy != CC_ALWAYS)
		return "the agent was only sent a copy";
	return NULL;
}

static enum outcome
find_reason(struct db *db, struct arena *arena, struct mail_arrival *arrival)
{
	enum outcome rc = OK;

	arrival->reason = plain_reason(arrival);
	if (arrival->reason == NULL)
		rc = find_suppression(db, arena, arrival);
	if (rc == OK && arrival->reason == NULL)
		rc = count_answers(db, arena, arrival);
	return rc;
}

/* --- It joins. */

/* JSON array of the account's own addresses. */
static enum outcome
own_addresses(struct db *db, struct arena *arena, const struct id *account,
    const char **json)
{
	const struct email_address *list;
	struct mail_person *people;
	struct rows rows;
	size_t i;
	enum outcome rc = email_address_list(db, arena, account, &rows);

	if (rc != OK)
		return rc;
	list = rows.list;
	people = arena_alloc(arena, (rows.count + 1) * sizeof(*people));
	for (i = 0; i < rows.count; i++)
		people[i].address = list[i].address;
	*json = mail_people_json(arena, &(struct list){ people, rows.count });
	return OK;
}

/* Whoever is copied now is copied the answer. */
static enum outcome
copy(struct db *db, struct arena *arena, struct mail_arrival *arrival)
{
	int policy = cc_policy(arrival);
	const char *own, *cc = "[]";
	enum outcome rc = own_addresses(db, arena, &arrival->account, &own);

	if (rc != OK)
		return rc;
	/* The answer goes to who began it, and to who asked now. */
	own = mail_cc_with(arena, own, arrival->between.user_address);
	if (policy == CC_ALWAYS ||
	    (policy == CC_CONDITIONAL && !arrival->only_cc))
		cc = mail_reply_cc(arena, arrival->mail, own);
	if (!text_equal(arrival->user, arrival->between.user_address))
		cc = mail_cc_with(arena, cc, arrival->user);
	return mail_thread_copy(
	    db, &arrival->account, &arrival->between.conversation_id, cc);
}

static const char *
bounded(struct arena *arena, const char *text)
{
	size_t length = text != NULL ? strlen(text) : 0, most = BODY_MOST;

	if (length <= most)
		return text;
	while (most > 0 && (text[most] & 0xc0) == 0x80)
		most--;
	return arena_copy(arena, text, most);
}

static enum outcome
write_mail(struct db *db, struct arena *arena, struct mail_arrival *arrival)
{
	const struct mail *mail = arrival->mail;
	struct mail_row row = {
		.conversation_id = arrival->thread.conversation.id,
		.seq = arrival->message.seq,
		.message_id = mail->message_id,
		.chain = mail_chain(arena,
		    mail->references != NULL ? mail->references
					     : mail->in_reply_to,
		    NULL),
		.sender = mail->from.address,
		.recipients = mail_people_json(arena, &mail->to),
		.cc = mail_people_json(arena, &mail->cc),
		.subject = mail->subject,
		.text = bounded(arena, mail->text),
		.html = bounded(arena, mail->html),
		.suppressed_reason = arrival->reason,
	};

	return mail_insert(db, &arrival->account, &row);
}

static enum outcome
hear(struct db *db, struct arena *arena, struct mail_arrival *arrival)
{
	enum outcome rc;

	arrival->message = (struct message){
		.sender = SENDER_USER,
		.status = MESSAGE_STORED,
		.text = arrival->text,
		.media = mail_media(arena, arrival->mail),
	};
	rc = thread_hear(db, arena, &arrival->thread, &arrival->message);
	arrival->thread.is_new = false;
	return rc;
}

/* STOP from whom a program did not write for. */
static enum outcome
obey(struct db *db, struct arena *arena, struct mail_arrival *arrival)
{
	struct id ignored;
	enum outcome rc = suppression_add(db, &arrival->account, CHANNEL_EMAIL,
	    arrival->user, SUPPRESSION_STOP_KEYWORD);

	return rc == OK ? thread_end(db, arena, &arrival->thread.conversation,
			      CONVERSATION_BLACKLISTED, "the user opted out",
			      &ignored)
			: rc;
}

static enum outcome
ask_agent(struct db *db, struct arena *arena, struct mail_arrival *arrival)
{
	double wait = arrival->conduct.config.debounce;

	arrival->fate = MAIL_ANSWERED;
	return thread_ask_turn(db, arena, &arrival->thread.conversation,
	    "texted", when_now() + (int64_t)(wait * (double)WHEN_SECOND));
}

static enum outcome
join(struct db *db, struct arena *arena, struct mail_arrival *arrival)
{
	bool stops = arrival->reason == NULL &&
		     keyword_of(arrival->text) == KEYWORD_STOP;
	enum outcome rc = OK;

	if (stops)
		arrival->reason = "the user wants no more mail";
	if (arrival->reason == NULL)
		rc = ask_agent(db, arena, arrival);
	if (rc == OK)
		rc = hear(db, arena, arrival);
	if (rc == OK)
		rc = write_mail(db, arena, arrival);
	if (rc == OK)
		rc = copy(db, arena, arrival);
	if (rc == OK && stops)
		rc = obey(db, arena, arrival);
	return rc;
}
