/*
 * Folders of pathways: /v1/pathway/folders.
 */
#ifndef PARLEY_API_PATHWAY_FOLDERS_H
#define PARLEY_API_PATHWAY_FOLDERS_H

#include "base/base.h"

struct call;
struct schema;

extern const struct schema pathway_folder_schema;
extern const struct schema pathway_folder_request_schema;
extern const struct schema pathway_folder_patch_schema;
extern const struct schema pathway_folders_schema;
extern const struct schema pathway_folder_content_schema;
extern const struct schema pathway_move_schema;

enum outcome pathway_folders_list(struct call *call);
enum outcome pathway_folders_create(struct call *call);
enum outcome pathway_folders_update(struct call *call);

/* Only one that is empty. */
enum outcome pathway_folders_delete(struct call *call);

/* GET /v1/pathway/folders/{id}/pathways */
enum outcome pathway_folders_content(struct call *call);

/* POST /v1/pathway/folders/move: a pathway into a folder, or out of all. */
enum outcome pathway_folders_move(struct call *call);

#endif
