#include "base/base.h"

#include "store/transcript.h"

#include "db/stmt.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "model/field.h"
#include "model/transcript.h"
#include "model/turn_record.h"
#include "store/mail.h"
#include "store/message.h"

static const struct column columns[] = {
	COLUMN(ID, struct turn_record, id),
	COLUMN(INTEGER, struct turn_record, user_seq),
	COLUMN(TEXT, struct turn_record, trace),
	COLUMN(WHEN, struct turn_record, started_at),
};

/* Traces are long, and most have no tool in them. */
static const struct stmt list = {
	.sql = "SELECT t.id, t.user_seq, t.trace, t.started_at"
	       " FROM (SELECT id, user_seq, trace, started_at"
	       "  FROM turn"
	       "  WHERE account_id = ? AND conversation_id = ?"
	       "  AND outcome = 'done'"
	       "  AND LOCATE('\"action\":\"call_tool\"', trace) > 0"
	       "  ORDER BY id DESC"
	       "  LIMIT 100) t"
	       " ORDER BY t.id",
	ROWS(columns, struct turn_record),
};

static enum outcome
add_mails(struct db *db, struct arena *arena,
    const struct conversation *conversation, struct transcript *transcript)
{
	struct list courses;
	struct rows rows;
	enum outcome rc = mail_courses(
	    db, arena, &conversation->account_id, &conversation->id, &rows);

	if (rc != OK)
		return rc;
	courses = (struct list){ rows.list, rows.count };
	transcript_add_mails(transcript, &courses);
	return OK;
}

enum outcome
transcript_read(struct db *db, struct arena *arena,
    const struct conversation *conversation, struct transcript **transcript)
{
	const struct id *account = &conversation->account_id;
	struct list said, used;
	struct rows messages, turns;
	enum outcome rc = message_list(db, arena, account, &conversation->id,
	    &conversation->pair, &messages);

	if (rc == OK)
		rc = stmt_all(db, arena, &list,
		    VALUES(value_id(account), value_id(&conversation->id)),
		    &turns);
	if (rc != OK)
		return rc;
	said = (struct list){ messages.list, messages.count };
	used = (struct list){ turns.list, turns.count };
	*transcript = transcript_new(arena, &said, &used);
	return conversation->pair.channel == CHANNEL_EMAIL
		   ? add_mails(db, arena, conversation, *transcript)
		   : OK;
}
