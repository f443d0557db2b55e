/*
 * Pathways, their versions and folders: rows, and what is kept of them.
 */
#include "base/base.h"

#include "base/arena.h"
#include "db/stmt.h"
#include "store/pathway.h"
#include "store/pathway_folder.h"
#include "store/pathway_version.h"

#include "database.h"
#include "tap.h"

#define DOCUMENT(id) "{\"nodes\":[{\"id\":\"" id "\"}],\"edges\":[]}"

static struct pathway_head
make(struct database *d, const char *name)
{
	struct pathway_head head = { .name = name, .description = "d" };

	must(pathway_insert(d->db, d->arena, &d->account, &head));
	return head;
}

static struct pathway_version
add(struct database *d, struct pathway_head *head, const char *name,
    const char *document)
{
	struct pathway_version version = { .name = name, .document = document };

	must(pathway_version_insert(
	    d->db, d->arena, &d->account, head, &version));
	return version;
}

static const char *
document_of(struct database *d, const struct pathway_head *head, int64_t number)
{
	struct pathway_version found;

	must(pathway_version_find(
	    d->db, d->arena, &d->account, head->id, number, &found));
	return found.document;
}

static void
test_head(struct database *d)
{
	struct pathway_head head = make(d, "one"), found, other;
	struct rows rows;

	must(pathway_head_find(d->db, d->arena, &d->account, head.id, &found));
	is_text(found.name, "one", "a name is kept");
	is_text(found.description, "d", "with a description");
	ok(found.created_at == head.created_at && found.created_at > 0 &&
		found.updated_at == found.created_at,
	    "and its time");
	ok(found.production == 0 && found.staging == 0 && found.latest == 0 &&
		found.published_at == 0,
	    "nothing of it is published");
	is_text(document_of(d, &head, PATHWAY_DRAFT), PATHWAY_EMPTY,
	    "a draft that nobody wrote is empty");
	is_outcome(
	    pathway_head_find(d->db, d->arena, &d->stranger, head.id, &found),
	    NOT_FOUND, "another account does not have it");
	database_begin(d->db);
	must(pathway_hold(d->db, d->arena, &d->account, head.id, &found));
	database_hurry(d->other);
	is_outcome(
	    pathway_hold(d->other, d->arena, &d->account, head.id, &other),
	    AGAIN, "what is held is held");
	found.name = "other";
	found.description = NULL;
	must(pathway_update(d->db, &d->account, &found));
	database_commit(d->db);
	must(pathway_head_find(d->db, d->arena, &d->account, head.id, &found));
	is_text(found.name, "other", "a name is changed");
	ok(found.description == NULL && found.updated_at > found.created_at,
	    "and that it was");
	other = make(d, "two");
	must(pathway_list(d->db, d->arena, &d->account, 1, 0, &rows));
	is_text(((struct pathway_head *)rows.list)->name, "two",
	    "the newest comes first");
	must(pathway_list(d->db, d->arena, &d->account, 9, 1, &rows));
	is_int((int64_t)rows.count, 1, "then the others");
	is_outcome(pathway_delete(d->db, &d->stranger, head.id), NOT_FOUND,
	    "another account does not delete one");
	must(pathway_delete(d->db, &d->account, head.id));
	is_outcome(pathway_delete(d->db, &d->account, head.id), NOT_FOUND,
	    "one is deleted once");
	must(pathway_delete(d->db, &d->account, other.id));
}

static void
test_versions(struct database *d)
{
	struct pathway_head head = make(d, "one");
	struct pathway_version draft = { .document = DOCUMENT("d") };
	struct pathway_version one, two, found;
	struct rows rows;

	must(pathway_version_write(
	    d->db, d->arena, &d->account, head.id, &draft));
	is_text(document_of(d, &head, 0), DOCUMENT("d"), "a draft is written");
	one = add(d, &head, "first", DOCUMENT("1"));
	two = add(d, &head, NULL, DOCUMENT("2"));
	ok(one.number == 1 && two.number == 2, "numbers are counted from 1");
	is_text(two.name, "Version 2", "one without a name gets one");
	is_text(document_of(d, &head, 0), DOCUMENT("2"),
	    "the draft follows the newest version");
	must(pathway_version_find(
	    d->db, d->arena, &d->account, head.id, 1, &found));
	is_text(found.document, DOCUMENT("1"), "a version stays as it is");
	is_int(found.revision, 1, "in its first revision");
	found.document = DOCUMENT("1b");
	must(pathway_version_write(
	    d->db, d->arena, &d->account, head.id, &found));
	is_text(document_of(d, &head, 0), DOCUMENT("2"),
	    "who writes an older one does not write the draft");
	two.document = DOCUMENT("2b");
	must(
	    pathway_version_write(d->db, d->arena, &d->account, head.id, &two));
	is_text(document_of(d, &head, 0), DOCUMENT("2b"),
	    "who writes the newest does");
	must(pathway_version_find(
	    d->db, d->arena, &d->account, head.id, 2, &found));
	is_int(found.revision, 2, "each write is another revision");
	must(
	    pathway_version_list(d->db, d->arena, &d->account, head.id, &rows));
	is_int((int64_t)rows.count, 2, "the draft is not listed");
	is_int(((struct pathway_version *)rows.list)->number, 2,
	    "the newest comes first");
	must(pathway_publish(d->db, &d->account, &head, PATHWAY_PRODUCTION, 2));
	found.number = 1;
	found.document = DOCUMENT("1c");
	must(pathway_version_write(
	    d->db, d->arena, &d->account, head.id, &found));
	is_text(document_of(d, &head, 0), DOCUMENT("1c"),
	    "when that is in production, who writes the one before does");
	must(pathway_version_archive(d->db, &d->account, head.id, 2));
	is_outcome(pathway_version_archive(d->db, &d->account, head.id, 2),
	    NOT_FOUND, "one is archived once");
	is_outcome(pathway_version_find(
		       d->db, d->arena, &d->account, head.id, 2, &found),
	    NOT_FOUND, "and then not found");
	must(pathway_head_find(d->db, d->arena, &d->account, head.id, &head));
	is_int(head.latest, 1, "the newest is then the one before");
	is_int(add(d, &head, NULL, DOCUMENT("3")).number, 3,
	    "a number is used once");
	must(pathway_delete(d->db, &d->account, head.id));
	is_int(database_number(d->db, "SELECT COUNT(*) FROM pathway_version"),
	    0, "versions go with their pathway");
}

/* clang-format off */
static const struct {
	const char *word;
	int64_t number; /* -1: none */
	const char *name;
} words[] = {
	{ NULL, 2, "production is meant where nothing is said" },
	{ "production", 2, "it has a word" },
	{ "staging", 1, "staging has one" },
	{ "latest", 3, "the newest has one" },
	{ "draft", 0, "the draft has one" },
	{ "1", 1, "a number is a number" },
	{ "first", 1, "a name is a name" },
	{ "9", -1, "a number that is not there" },
	{ "none", -1, "a name that is not there" },
	{ "-1", -1, "no number is below 0" },
};
/* clang-format on */

static void
test_resolve(struct database *d)
{
	struct pathway_head head = make(d, "one"), empty = make(d, "empty");
	struct pathway_version draft = { .document = DOCUMENT("d") };
	struct pathway_version one = add(d, &head, "first", DOCUMENT("1"));
	int64_t number;
	size_t i;
	enum outcome rc;

	(void)add(d, &head, NULL, DOCUMENT("2"));
	(void)add(d, &head, NULL, DOCUMENT("3"));
	must(pathway_publish(d->db, &d->account, &head, PATHWAY_PRODUCTION, 2));
	must(pathway_publish(d->db, &d->account, &head, PATHWAY_STAGING, 1));
	must(pathway_head_find(d->db, d->arena, &d->account, head.id, &head));
	for (i = 0; i < COUNT(words); i++) {
		number = -1;
		rc = pathway_version_resolve(d->db, d->arena, &d->account,
		    &head, words[i].word, &number);
		ok(number == words[i].number &&
			rc == (number < 0 ? NOT_FOUND : OK),
		    "%s", words[i].name);
	}
	must(pathway_version_resolve(d->db, d->arena, &d->account, &head,
	    id_text(d->arena, &one.id), &number));
	is_int(number, 1, "an id is an id");
	must(pathway_version_write(
	    d->db, d->arena, &d->account, empty.id, &draft));
	must(pathway_version_resolve(
	    d->db, d->arena, &d->account, &empty, NULL, &number));
	is_int(number, 0, "without versions the draft is the latest");
	is_outcome(pathway_version_resolve(d->db, d->arena, &d->account, &empty,
		       "production", &number),
	    NOT_FOUND, "and nothing is in production");
	must(pathway_publish(d->db, &d->account, &head, PATHWAY_PRODUCTION, 3));
	is_int(database_number(d->db, "SELECT COUNT(*) FROM pathway_version"
				      " WHERE published_at IS NOT NULL"),
	    2, "a version remembers that it was in production");
	must(pathway_delete(d->db, &d->account, head.id));
	must(pathway_delete(d->db, &d->account, empty.id));
}

static void
test_folders(struct database *d)
{
	struct pathway_folder top = { .name = "top" }, sub = { .name = "sub" };
	struct pathway_folder found;
	struct pathway_head head = make(d, "one");
	const struct id none = { { 0 } };
	struct rows rows;

	must(pathway_folder_insert(d->db, d->arena, &d->account, &top));
	sub.parent_id = top.id;
	must(pathway_folder_insert(d->db, d->arena, &d->account, &sub));
	must(pathway_folder_list(d->db, d->arena, &d->account, &rows));
	is_text(((struct pathway_folder *)rows.list)->name, "sub",
	    "folders are listed by name");
	must(
	    pathway_folder_find(d->db, d->arena, &d->account, &sub.id, &found));
	ok(id_equal(&found.parent_id, &top.id), "one is in its parent");
	is_outcome(
	    pathway_folder_find(d->db, d->arena, &d->stranger, &sub.id, &found),
	    NOT_FOUND, "another account does not have it");
	must(pathway_folder_fits(d->db, d->arena, &d->account, &none, &sub.id));
	is_outcome(
	    pathway_folder_fits(d->db, d->arena, &d->account, &top.id, &sub.id),
	    CONFLICT, "none is within its own");
	is_outcome(
	    pathway_folder_fits(d->db, d->arena, &d->stranger, &none, &sub.id),
	    NOT_FOUND, "or in another account's");
	is_outcome(pathway_folder_delete(d->db, d->arena, &d->account, &top.id),
	    CONFLICT, "one with a folder in it stays");
	head.folder_id = sub.id;
	must(pathway_update(d->db, &d->account, &head));
	must(pathway_list_folder(d->db, d->arena, &d->account, &sub.id, &rows));
	is_int((int64_t)rows.count, 1, "a pathway is in a folder");
	is_outcome(pathway_folder_delete(d->db, d->arena, &d->account, &sub.id),
	    CONFLICT, "which then stays too");
	must(pathway_delete(d->db, &d->account, head.id));
	sub.name = "own";
	sub.parent_id = none;
	must(pathway_folder_update(d->db, &d->account, &sub));
	must(pathway_folder_delete(d->db, d->arena, &d->account, &top.id));
	must(pathway_folder_delete(d->db, d->arena, &d->account, &sub.id));
	is_outcome(pathway_folder_delete(d->db, d->arena, &d->account, &sub.id),
	    NOT_FOUND, "one is deleted once");
}

static void
test_users(struct database *d)
{
	struct pathway_head head = make(d, "one");
	struct pathway_users users;

	must(pathway_find_users(d->db, d->arena, &d->account, head.id, &users));
	ok(users.numbers == NULL && users.conversations == 0,
	    "nobody is in a new one");
	must(pathway_delete(d->db, &d->account, head.id));
}

int
main(void)
{
	struct database d;

	database_open(&d);
	test_head(&d);
	test_versions(&d);
	test_resolve(&d);
	test_folders(&d);
	test_users(&d);
	database_close(&d);
	return done();
}
