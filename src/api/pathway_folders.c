#include "base/base.h"

#include "api/pathway_folders.h"

#include "api/call.h"
#include "api/pathways.h"
#include "base/arena.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "model/field.h"
#include "store/pathway_folder.h"

#define NAME_MOST 255

struct folders_answer {
	struct list folders;
};

struct content_answer {
	struct list pathways;
};

struct move_request {
	const char *pathway_id;
	struct id folder_id;
};

#define AT(member) FIELD_AT(struct pathway_folder, member)
#define PARENT                                                                 \
	{                                                                      \
		"parent_folder_id", FIELD_ID, FIELD_NULLABLE, AT(parent_id)    \
	}

/* clang-format off */
static const struct field folder_fields[] = {
	{ "id", FIELD_ID, 0, AT(id) },
	{ "name", FIELD_TEXT, 0, AT(name) },
	PARENT,
};

static const struct field request_fields[] = {
	{ "name", FIELD_TEXT, FIELD_REQUIRED | FIELD_NOT_BLANK, AT(name), 1,
	    NAME_MOST },
	PARENT,
};

static const struct field patch_fields[] = {
	{ "name", FIELD_TEXT, FIELD_NOT_BLANK, AT(name), 1, NAME_MOST },
	PARENT,
};

static const struct field folders_fields[] = {
	{ "folders", FIELD_LIST, 0, FIELD_AT(struct folders_answer, folders),
	    .schema = &pathway_folder_schema },
};

static const struct field content_fields[] = {
	{ "pathways", FIELD_LIST, 0, FIELD_AT(struct content_answer, pathways),
	    .schema = &pathway_head_schema },
};

static const struct field move_fields[] = {
	{ "pathway_id", FIELD_TEXT, FIELD_REQUIRED,
	    FIELD_AT(struct move_request, pathway_id), 1, 64 },
	{ "folder_id", FIELD_ID, FIELD_NULLABLE,
	    FIELD_AT(struct move_request, folder_id),
	    .about = "null: into none." },
};
/* clang-format on */

const struct schema pathway_folder_schema =
    SCHEMA("PathwayFolder", folder_fields, struct pathway_folder);
const struct schema pathway_folder_request_schema =
    SCHEMA("PathwayFolderRequest", request_fields, struct pathway_folder);
const struct schema pathway_folder_patch_schema =
    SCHEMA("PathwayFolderPatch", patch_fields, struct pathway_folder);
const struct schema pathway_folders_schema =
    SCHEMA("PathwayFolders", folders_fields, struct folders_answer);
const struct schema pathway_folder_content_schema =
    SCHEMA("PathwayFolderContent", content_fields, struct content_answer);
const struct schema pathway_move_schema =
    SCHEMA("PathwayMove", move_fields, struct move_request);

static enum outcome
missing(struct call *call, enum outcome rc, const char *field)
{
	return call_missing(
	    call, rc, PATHWAY_FOLDER_NOT_FOUND, field, "folder");
}

/* The folder that the path names. */
static enum outcome
find(struct call *call, struct pathway_folder *folder)
{
	struct id id;
	enum outcome rc =
	    call_path_id(call, 0, PATHWAY_FOLDER_NOT_FOUND, "folder", &id);

	if (rc != OK)
		return rc;
	return missing(call,
	    pathway_folder_find(
		call->db, call->arena, &call->key.account_id, &id, folder),
	    NULL);
}

static enum outcome
check_parent(struct call *call, const struct id *id, const struct id *parent)
{
	static const char field[] = "/parent_folder_id";
	enum outcome rc = pathway_folder_fits(
	    call->db, call->arena, &call->key.account_id, id, parent);

	if (rc == CONFLICT)
		return call_refuse(call, INVALID_PARAMETER, field,
		    "a folder cannot be within itself");
	if (rc == LIMITED)
		return call_refuse(call, INVALID_PARAMETER, field,
		    "folders can be %d deep", PATHWAY_FOLDER_DEPTH);
	return missing(call, rc, field);
}

enum outcome
pathway_folders_list(struct call *call)
{
	struct folders_answer *answer = call->answer;
	struct rows rows;
	enum outcome rc = pathway_folder_list(
	    call->db, call->arena, &call->key.account_id, &rows);

	if (rc == OK)
		answer->folders = (struct list){ rows.list, rows.count };
	return rc;
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct call *call = context;
	const struct pathway_folder *made = call->witness;
	struct pathway_folder ignored;

	return pathway_folder_find(
	    db, call->arena, &call->key.account_id, &made->id, &ignored);
}

enum outcome
pathway_folders_create(struct call *call)
{
	const struct pathway_folder *body = call->body;
	struct pathway_folder *answer = call->answer;
	const struct id none = { { 0 } };
	enum outcome rc = check_parent(call, &none, &body->parent_id);

	if (rc != OK)
		return rc;
	*answer = *body;
	rc = pathway_folder_insert(
	    call->db, call->arena, &call->key.account_id, answer);
	if (rc == LIMITED)
		return call_refuse(call, TOO_MANY_PATHWAY_FOLDERS, NULL,
		    "an account can have %d folders", PATHWAY_FOLDERS_MOST);
	call->witness = answer;
	call->settled = is_there;
	return rc;
}

enum outcome
pathway_folders_update(struct call *call)
{
	struct pathway_folder *answer = call->answer;
	enum outcome rc = find(call, answer);

	call->settled = tx_repeat;
	if (rc != OK)
		return rc;
	call_read_over(call, &pathway_folder_patch_schema, answer);
	rc = check_parent(call, &answer->id, &answer->parent_id);
	if (rc == OK)
		rc = pathway_folder_update(
		    call->db, &call->key.account_id, answer);
	return rc;
}

enum outcome
pathway_folders_delete(struct call *call)
{
	struct pathway_status *answer = call->answer;
	struct pathway_folder folder;
	enum outcome rc = find(call, &folder);

	if (rc != OK)
		return rc;
	rc = pathway_folder_delete(
	    call->db, call->arena, &call->key.account_id, &folder.id);
	if (rc == CONFLICT)
		return call_refuse(call, PATHWAY_FOLDER_IN_USE, NULL,
		    "it is not empty: move what is in it first");
	*answer = (struct pathway_status){ PATHWAY_SUCCESS, "Folder deleted" };
	return missing(call, rc, NULL);
}

enum outcome
pathway_folders_content(struct call *call)
{
	struct content_answer *answer = call->answer;
	struct pathway_folder folder;
	struct rows rows;
	enum outcome rc = find(call, &folder);

	if (rc == OK)
		rc = pathway_list_folder(call->db, call->arena,
		    &call->key.account_id, &folder.id, &rows);
	if (rc == OK)
		answer->pathways = (struct list){ rows.list, rows.count };
	return rc;
}

enum outcome
pathway_folders_move(struct call *call)
{
	const struct move_request *body = call->body;
	struct pathway_status *answer = call->answer;
	struct pathway_folder folder;
	struct pathway_head head;
	enum outcome rc =
	    pathways_hold(call, body->pathway_id, "/pathway_id", &head);

	call->settled = tx_repeat;
	if (rc == OK && !id_is_none(&body->folder_id))
		rc = missing(call,
		    pathway_folder_find(call->db, call->arena,
			&call->key.account_id, &body->folder_id, &folder),
		    "/folder_id");
	if (rc != OK)
		return rc;
	head.folder_id = body->folder_id;
	*answer = (struct pathway_status){ PATHWAY_SUCCESS, "Pathway moved" };
	return pathway_update(call->db, &call->key.account_id, &head);
}
