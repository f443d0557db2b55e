#include "base/base.h"

#include "store/mail_inbound.h"

#include "base/arena.h"
#include "base/secret.h"
#include "base/when.h"
#include "db/stmt.h"
#include "model/mail_scan.h"
#include "store/work.h"

#include <string.h>

#define PIECE ((size_t)768 * 1024) /* bytes; 1 MiB as base64 */

struct piece {
	const char *base64;
};

static const struct column piece_columns[] = {
	COLUMN(TEXT, struct piece, base64),
};

struct head {
	const char *recipient;
	const char *envelope_from;
	int64_t size;
};

static const struct column head_columns[] = {
	COLUMN(TEXT, struct head, recipient),
	COLUMN(TEXT, struct head, envelope_from),
	COLUMN(INTEGER, struct head, size),
};

static const struct stmt insert = {
	.sql = "INSERT INTO mail_inbound (account_id, id, digest, recipient,"
	       " envelope_from, size, created_at)"
	       " VALUES (?, ?, ?, ?, ?, ?, ?)",
};

static const struct stmt find = {
	.sql = "SELECT recipient, envelope_from, size"
	       " FROM mail_inbound"
	       " WHERE account_id = ? AND id = ?",
	ROWS(head_columns, struct head),
};

static const struct stmt insert_piece = {
	.sql = "INSERT INTO mail_piece (account_id, mail_id, number, base64)"
	       " VALUES (?, ?, ?, ?)",
};

static const struct stmt find_piece = {
	.sql = "SELECT base64"
	       " FROM mail_piece"
	       " WHERE account_id = ? AND mail_id = ? AND number = ?",
	ROWS(piece_columns, struct piece),
};

static const struct stmt delete_pieces = {
	.sql = "DELETE FROM mail_piece"
	       " WHERE account_id = ? AND mail_id = ?",
};

static const struct stmt take_token = {
	.sql = "INSERT INTO hook_token (account_id, digest, created_at)"
	       " VALUES (?, ?, ?)",
};

static const struct stmt forget_tokens = {
	.sql = "DELETE FROM hook_token"
	       " WHERE account_id = ? AND created_at < ?",
};

static enum outcome
store_pieces(
    struct db *db, const struct id *account, const struct mail_inbound *mail)
{
	struct arena *own;
	size_t at, length;
	int64_t number = 0;
	enum outcome rc = OK;

	for (at = 0; rc == OK && at < mail->length; at += length) {
		own = arena_new();
		length = mail->length - at < PIECE ? mail->length - at : PIECE;
		rc = stmt_run(db, &insert_piece,
		    VALUES(value_id(account), value_id(&mail->id),
			value_integer(number++),
			value_text(
			    secret_base64(own, mail->bytes + at, length))),
		    NULL);
		arena_free(own);
	}
	return rc;
}

static enum outcome
ask_reading(struct db *db, struct arena *arena, const struct id *account,
    const struct mail_inbound *mail)
{
	struct work work = {
		.id = id_new(),
		.account_id = *account,
		.subject_id = mail->id,
		.kind = WORK_RECEIVE,
		.state = WORK_WAITING,
		.due = when_now(),
		.payload = arena_format(
		    arena, "{\"mail_id\":\"%s\"}", id_text(arena, &mail->id)),
	};

	return work_insert(db, &work);
}

enum outcome
mail_inbound_store(struct db *db, struct arena *arena, const struct id *account,
    const char *message_id, struct mail_inbound *mail)
{
	unsigned char digest[SECRET_DIGEST];
	enum outcome rc;

	mail->id = id_new();
	mail->repeated = false;
	mail_scan_digest(arena, mail->recipient, message_id, mail->bytes,
	    mail->length, digest);
	rc = stmt_run(db, &insert,
	    VALUES(value_id(account), value_id(&mail->id),
		value_bytes(digest, sizeof(digest)),
		value_text(mail->recipient), value_text(mail->envelope_from),
		value_integer((int64_t)mail->length), value_when(when_now())),
	    NULL);
	if (rc == CONFLICT) {
		mail->repeated = true;
		return OK;
	}
	if (rc == OK)
		rc = store_pieces(db, account, mail);
	return rc == OK ? ask_reading(db, arena, account, mail) : rc;
}

/* One piece into its place.  FAULT: it is not what was stored. */
static enum outcome
load_piece(struct db *db, const struct id *account, const struct id *id,
    int64_t number, char *room, size_t length)
{
	struct arena *own = arena_new();
	unsigned char *bytes;
	struct piece piece;
	size_t size;
	enum outcome rc = stmt_one(db, own, &find_piece,
	    VALUES(value_id(account), value_id(id), value_integer(number)),
	    &piece);

	if (rc == OK &&
	    (secret_unbase64(own, piece.base64, &bytes, &size) != OK ||
		size != length))
		rc = FAULT;
	if (rc == OK)
		(void)memcpy(room, bytes, length);
	arena_free(own);
	return rc;
}

enum outcome
mail_inbound_load(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id, struct mail_inbound *mail)
{
	struct head head;
	char *bytes;
	size_t at, size, length;
	int64_t number = 0;
	enum outcome rc = stmt_one(
	    db, arena, &find, VALUES(value_id(account), value_id(id)), &head);

	if (rc != OK)
		return rc;
	size = (size_t)head.size;
	bytes = arena_alloc(arena, size + 1);
	for (at = 0; rc == OK && at < size; at += length) {
		length = size - at < PIECE ? size - at : PIECE;
		rc = load_piece(db, account, id, number++, bytes + at, length);
	}
	if (rc == OK)
		*mail = (struct mail_inbound){
			.id = *id,
			.recipient = head.recipient,
			.envelope_from = head.envelope_from,
			.bytes = bytes,
			.length = size,
		};
	return rc;
}

enum outcome
mail_inbound_forget(
    struct db *db, const struct id *account, const struct id *id)
{
	return stmt_run(
	    db, &delete_pieces, VALUES(value_id(account), value_id(id)), NULL);
}

enum outcome
hook_token_take(struct db *db, const struct id *account, const char *token)
{
	unsigned char digest[SECRET_DIGEST];
	int64_t now = when_now();
	enum outcome rc = stmt_run(db, &forget_tokens,
	    VALUES(value_id(account), value_when(now - WHEN_DAY)), NULL);

	secret_digest(token, strlen(token), digest);
	if (rc == OK)
		rc = stmt_run(db, &take_token,
		    VALUES(value_id(account),
			value_bytes(digest, sizeof(digest)), value_when(now)),
		    NULL);
	return rc;
}
