#include "base/base.h"

#include "work/mailing.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/json.h"
#include "model/channel.h"
#include "model/mail_address.h"
#include "model/mail_delivery.h"
#include "model/mail_render.h"
#include "model/mail_token.h"
#include "store/email_address.h"
#include "store/suppression.h"
#include "work/kinds.h"

#include <string.h>

#define UNSUBSCRIBE "/v1/email/unsubscribe/"
#define AUTO_REPLIED "auto-replied"     /* RFC 3834, section 5 */
#define AUTO_GENERATED "auto-generated" /* the same: it answers nothing */

/* Whoever would post there has to reach us, and the token needs a key. */
static const char *
unsubscribe_url(const struct mailing *mailing)
{
	struct job *job = mailing->job;

	if (job->secret_key == NULL)
		return NULL;
	return config_public_url(job->arena, job->config,
	    arena_format(job->arena, UNSUBSCRIBE "%s",
		mail_token(job->arena, job->secret_key, &job->work.account_id,
		    &mailing->conversation.id)));
}

static const struct agent_email *
style_of(struct mailing *mailing)
{
	struct agent_config *config;

	if (mailing->conduct.agent != NULL)
		return &mailing->conduct.agent->properties.email;
	config = arena_alloc(mailing->job->arena, sizeof(*config));
	agent_config_init(config);
	return &config->properties.email;
}

/* Without who is not written to any more. */
static enum outcome
copies(struct db *db, struct mailing *mailing, const char **json)
{
	struct arena *arena = mailing->job->arena;
	struct list all = mail_texts(arena, mailing->thread.cc);
	const char *const *texts = all.items;
	struct mail_person *people =
	    arena_alloc(arena, (all.count + 1) * sizeof(*people));
	struct list kept = { people, 0 };
	struct suppression ignored;
	size_t i;
	enum outcome rc = OK;

	for (i = 0; rc == OK && i < all.count; i++) {
		if (!mail_address_is_valid(texts[i]))
			continue;
		rc = suppression_find(db, arena, &mailing->job->work.account_id,
		    CHANNEL_EMAIL, mail_address_key(arena, texts[i]), &ignored);
		if (rc == NOT_FOUND) {
			people[kept.count++].address = texts[i];
			rc = OK;
		}
	}
	if (rc == OK)
		*json = mail_people_json(arena, &kept);
	return rc;
}

/* The words around the agent's, as they are now. */
static void
render(struct mailing *mailing, const struct mail_row *parent)
{
	struct mail_row *row = &mailing->row;
	const struct mail_writing writing = {
		.style = style_of(mailing),
		.words = mailing->leaving.message.text,
		.subject = mailing->conversation.subject,
		.is_reply = parent != NULL,
		.unsubscribe = unsubscribe_url(mailing),
		.quoted = parent != NULL ? parent->text : NULL,
		.quoted_from = parent != NULL ? parent->sender : NULL,
	};

	mail_render(mailing->job->arena, &writing, &mailing->letter);
	row->subject = mailing->letter.subject;
	row->text = mailing->letter.text;
	row->html = mailing->letter.html;
}

static enum outcome
write_row(struct db *db, struct mailing *mailing)
{
	struct arena *arena = mailing->job->arena;
	const struct id *account = &mailing->job->work.account_id;
	struct mail_row *row = &mailing->row, parent;
	const struct mail_person to = { NULL, mailing->thread.user_address };
	const struct list recipients = { &to, 1 };
	bool replies;
	enum outcome rc = mail_last(db, arena, account,
	    &mailing->conversation.id, mailing->order.seq, &parent);

	replies = rc == OK;
	if (rc == NOT_FOUND)
		rc = OK;
	*row = (struct mail_row){
		.conversation_id = mailing->conversation.id,
		.seq = mailing->order.seq,
		.message_id = arena_format(arena, "%s@%s",
		    id_text(arena, &mailing->leaving.message.id),
		    mail_address_domain(mailing->thread.agent_address)),
		.sender = mailing->thread.agent_address,
		.recipients = mail_people_json(arena, &recipients),
		.delivery = DELIVERY_QUEUED,
	};
	if (replies)
		row->chain = mail_chain(arena, parent.chain, parent.message_id);
	render(mailing, replies ? &parent : NULL);
	if (rc == OK)
		rc = copies(db, mailing, &row->cc);
	return rc == OK ? mail_insert(db, account, row) : rc;
}

enum outcome
mail_compose(struct db *db, struct mailing *mailing)
{
	struct arena *arena = mailing->job->arena;
	const struct id *account = &mailing->job->work.account_id;
	const struct id *conversation = &mailing->conversation.id;
	enum outcome rc = mail_thread_find(
	    db, arena, account, conversation, &mailing->thread);

	if (rc == OK)
		rc = email_address_carrier(db, arena, account,
		    mailing->thread.agent_address, &mailing->carrier);
	if (rc == OK)
		rc = conduct_find(
		    db, arena, &mailing->conversation, &mailing->conduct);
	if (rc != OK)
		return rc;
	rc = mail_find(db, arena, account, conversation, mailing->order.seq,
	    &mailing->row);
	return rc == NOT_FOUND ? write_row(db, mailing) : rc;
}

/* What it answers is the last of its chain. */
static const char *
last_of(struct arena *arena, const char *chain)
{
	const char *at = chain != NULL ? strrchr(chain, '<') : NULL;

	return at != NULL ? arena_copy(arena, at + 1, strcspn(at + 1, ">"))
			  : NULL;
}

void
mail_address_letter(struct mailing *mailing)
{
	struct arena *arena = mailing->job->arena;
	const struct mail_row *row = &mailing->row;

	mailing->letter = (struct mail_letter){
		.message_id = row->message_id,
		.in_reply_to = last_of(arena, row->chain),
		.references = row->chain,
		.from = { style_of(mailing)->from_display_name, row->sender },
		.to = mailing->thread.user_address,
		.cc = mail_texts(arena, row->cc),
		.subject = row->subject,
		.text = row->text,
		.html = row->html,
		.unsubscribe = unsubscribe_url(mailing),
		.auto_submitted =
		    row->chain != NULL ? AUTO_REPLIED : AUTO_GENERATED,
		.date = mailing->leaving.message.created_at,
	};
}
