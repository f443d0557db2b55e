#include "base/base.h"

#include "store/conversation_index.h"

#include "base/arena.h"
#include "base/text.h"
#include "db/stmt.h"
#include "model/conversation.h"
#include "model/leaf.h"

#define LEAVES_AT_ONCE 8
#define LENGTH "8" /* PARTY_PART */
static_assert(PARTY_PART == 8, "LENGTH says the same");

/* Who has the first part has them all. */
static const struct stmt add_parts = {
	.sql = "INSERT IGNORE INTO party_part (account_id, side, part, party)"
	       " WITH RECURSIVE place (n) AS"
	       "  (SELECT 1 UNION ALL"
	       "   SELECT n + 1 FROM place WHERE n < ?)"
	       " SELECT ?, p.side, SUBSTRING(LOWER(p.party), place.n, " LENGTH
	       "), p.party"
	       " FROM (SELECT 'user' AS side, CAST(? AS CHAR) AS party"
	       "  UNION ALL SELECT 'agent', CAST(? AS CHAR)) p"
	       " JOIN place ON place.n <= CHAR_LENGTH(p.party)"
	       " WHERE NOT EXISTS (SELECT 1 FROM party_part k"
	       "  WHERE k.account_id = ? AND k.side = p.side"
	       "  AND k.part = SUBSTRING(LOWER(p.party), 1, " LENGTH ")"
	       "  AND k.party = p.party)",
};

#define LEAF "(?, ?, ?, ?)"

/* So many at once; the last is repeated where there are fewer. */
static const struct stmt add_leaves = {
	.sql = "INSERT IGNORE INTO metadata_leaf (account_id, digest,"
	       " created_at, conversation_id)"
	       " VALUES " LEAF ", " LEAF ", " LEAF ", " LEAF ", " LEAF ", " LEAF
	       ", " LEAF ", " LEAF,
};

static const struct stmt delete_leaves = {
	.sql = "DELETE FROM metadata_leaf"
	       " WHERE account_id = ? AND created_at = ?"
	       " AND conversation_id = ?"
	       " AND digest IN (?, ?, ?, ?, ?, ?, ?, ?)",
};

/* One part of a user or an agent that no conversation has any more. */
#define DELETE_PART(side, column)                                              \
	"DELETE FROM party_part"                                               \
	" WHERE account_id = ? AND side = '" side "'"                          \
	" AND part = SUBSTRING(LOWER(?), ?, " LENGTH ") AND party = ?"         \
	" AND NOT EXISTS (SELECT 1 FROM conversation c"                        \
	"  WHERE c.account_id = ? AND c." column " = ?)"

static const struct stmt delete_user = {
	.sql = DELETE_PART("user", "user_key"),
};

static const struct stmt delete_agent = {
	.sql = DELETE_PART("agent", "agent_key"),
};

static struct value
leaf_value(const struct leaves *leaves, size_t i)
{
	if (i >= leaves->count)
		i = leaves->count - 1;
	return value_bytes(leaves->list[i].digest, LEAF_DIGEST);
}

static enum outcome
insert_leaves(struct db *db, const struct conversation *conversation,
    const struct leaves *leaves)
{
	struct value values[LEAVES_AT_ONCE * 4];
	size_t i, j;
	enum outcome rc = OK;

	for (i = 0; i < leaves->count && rc == OK; i += LEAVES_AT_ONCE) {
		for (j = 0; j < LEAVES_AT_ONCE; j++) {
			values[j * 4] = value_id(&conversation->account_id);
			values[j * 4 + 1] = leaf_value(leaves, i + j);
			values[j * 4 + 2] =
			    value_when(conversation->created_at);
			values[j * 4 + 3] = value_id(&conversation->id);
		}
		rc = stmt_run(db, &add_leaves, values, COUNT(values), NULL);
	}
	return rc;
}

static enum outcome
remove_leaves(struct db *db, const struct conversation *conversation,
    const struct leaves *leaves)
{
	struct value values[3 + LEAVES_AT_ONCE];
	size_t i, j;
	enum outcome rc = OK;

	values[0] = value_id(&conversation->account_id);
	values[1] = value_when(conversation->created_at);
	values[2] = value_id(&conversation->id);
	for (i = 0; i < leaves->count && rc == OK; i += LEAVES_AT_ONCE) {
		for (j = 0; j < LEAVES_AT_ONCE; j++)
			values[3 + j] = leaf_value(leaves, i + j);
		rc = stmt_run(db, &delete_leaves, values, COUNT(values), NULL);
	}
	return rc;
}

typedef enum outcome leaves_change(struct db *db,
    const struct conversation *conversation, const struct leaves *leaves);

static enum outcome
change_leaves(struct db *db, const struct conversation *conversation,
    const char *metadata, leaves_change *change)
{
	struct arena *arena;
	struct leaves leaves;
	enum outcome rc;

	if (metadata == NULL)
		return OK;
	arena = arena_new();
	leaves_read(arena, metadata, &leaves);
	rc = change(db, conversation, &leaves);
	arena_free(arena);
	return rc;
}

/* What stood there before leaves were kept has that of anything. */
static enum outcome
forget(struct db *db, const struct conversation *conversation)
{
	struct leaves anything = { .count = 1 };
	enum outcome rc = OK;

	anything.list[0] = leaf_of_anything;
	if (conversation->metadata_before != NULL)
		rc = remove_leaves(db, conversation, &anything);
	if (rc == OK)
		rc = change_leaves(db, conversation,
		    conversation->metadata_before, remove_leaves);
	return rc;
}

enum outcome
conversation_index_add(struct db *db, const struct conversation *conversation)
{
	const char *user = conversation->pair.user;
	const char *agent = conversation->pair.agent;
	size_t length = text_length(user), other = text_length(agent);
	enum outcome rc = stmt_run(db, &add_parts,
	    VALUES(value_integer((int64_t)(length > other ? length : other)),
		value_id(&conversation->account_id), value_text(user),
		value_text(agent), value_id(&conversation->account_id)),
	    NULL);

	return rc == OK ? change_leaves(db, conversation,
			      conversation->metadata, insert_leaves)
			: rc;
}

enum outcome
conversation_index_change(
    struct db *db, const struct conversation *conversation)
{
	const char *before = conversation->metadata_before;
	const char *after = conversation->metadata;
	enum outcome rc;

	if (before == after ||
	    (before != NULL && after != NULL && text_equal(before, after)))
		return OK;
	rc = forget(db, conversation);
	if (rc == OK)
		rc = change_leaves(db, conversation, after, insert_leaves);
	return rc;
}

static enum outcome
delete_parts(struct db *db, const struct stmt *delete, const struct id *account,
    const char *party)
{
	int64_t place, length = (int64_t)text_length(party);
	enum outcome rc = OK;

	for (place = 1; place <= length && rc == OK; place++)
		rc = stmt_run(db, delete,
		    VALUES(value_id(account), value_text(party),
			value_integer(place), value_text(party),
			value_id(account), value_text(party)),
		    NULL);
	return rc;
}

enum outcome
conversation_index_delete(
    struct db *db, const struct conversation *conversation)
{
	const struct id *account = &conversation->account_id;
	enum outcome rc = forget(db, conversation);

	if (rc == OK)
		rc = change_leaves(
		    db, conversation, conversation->metadata, remove_leaves);
	if (rc == OK)
		rc = delete_parts(
		    db, &delete_user, account, conversation->pair.user);
	if (rc == OK)
		rc = delete_parts(
		    db, &delete_agent, account, conversation->pair.agent);
	return rc;
}
