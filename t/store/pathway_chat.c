/*
 * Chats with pathways: kept, found by their account alone, and gone when old.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/when.h"
#include "store/pathway_chat.h"

#include "database.h"
#include "tap.h"

int
main(void)
{
	struct database database, *d = &database;
	struct id stranger = id_new();
	struct pathway_chat found, chat = {
		.id = id_new(),
		.pathway_id = "p",
		.version = 2,
		.history = "[]",
	};

	database_open(d);
	must(pathway_chat_insert(d->db, &d->account, &chat));
	must(pathway_chat_find(d->db, d->arena, &d->account, &chat.id, &found));
	is_text(found.pathway_id, "p", "a chat is kept with its pathway");
	is_int(found.version, 2, "and its version");
	ok(id_is_none(&found.work_id), "nobody owes an answer");
	ok(found.state == NULL && found.variables == NULL && !found.completed,
	    "and it has not begun");
	is_int(pathway_chat_find(d->db, d->arena, &stranger, &chat.id, &found),
	    NOT_FOUND, "another account has none of it");

	chat.work_id = id_new();
	chat.completed = true;
	chat.state = "{}";
	chat.node_name = "Bye";
	chat.variables = "{\"a\":1}";
	chat.history = "[1]";
	chat.pathway_id = "q";
	chat.version = 0;
	must(pathway_chat_save(d->db, &d->account, &chat));
	must(pathway_chat_lock(d->db, d->arena, &d->account, &chat.id, &found));
	ok(id_equal(&found.work_id, &chat.work_id),
	    "it is saved with its work");
	ok(found.completed, "its end");
	is_text(found.state, "{}", "where it stands");
	is_text(found.node_name, "Bye", "what that is called");
	is_text(found.variables, "{\"a\":1}", "its variables");
	is_text(found.history, "[1]", "what was said");
	is_text(found.pathway_id, "q", "and the pathway that it came to");
	is_int(found.version, 0, "be it a draft");

	database_do(d->root,
	    "UPDATE pathway_chat SET updated_at = NOW(6) - INTERVAL 31 DAY");
	found.id = id_new();
	must(pathway_chat_insert(d->db, &d->account, &found));
	is_int(pathway_chat_find(d->db, d->arena, &d->account, &chat.id, &chat),
	    NOT_FOUND, "what is old goes when another one comes");
	database_close(d);
	return done();
}
