-- Pathways that clients write: what is shown of them, folders to keep them
-- in, and versions that can be published.

CREATE TABLE pathway_folder (
  account_id BINARY(16) NOT NULL,
  id BINARY(16) NOT NULL,
  parent_id BINARY(16) NULL,
  name VARCHAR(255) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, id),
  KEY pathway_folder_parent (account_id, parent_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

ALTER TABLE pathway
  ADD COLUMN description TEXT NULL,
  ADD COLUMN folder_id BINARY(16) NULL,
  ADD COLUMN published_at DATETIME(6) NULL,
  ADD COLUMN updated_at DATETIME(6) NULL,
  ADD KEY pathway_in_folder (account_id, folder_id);

UPDATE pathway SET updated_at = created_at;

-- The revision counts the writes of a document: a copy of the same revision
-- is as good as the row.  What was in production once is never changed, and
-- what is archived is still there for the conversations that are in it.
ALTER TABLE pathway_version
  ADD COLUMN id BINARY(16) NULL,
  ADD COLUMN revision_number BIGINT NOT NULL DEFAULT 1,
  ADD COLUMN published_at DATETIME(6) NULL,
  ADD COLUMN archived_at DATETIME(6) NULL,
  ADD COLUMN updated_at DATETIME(6) NULL;

UPDATE pathway_version
  SET id = UNHEX(MD5(CONCAT(HEX(account_id), pathway_id, '/', number))),
    updated_at = created_at;

-- Who is in a pathway, before it is deleted.
ALTER TABLE conversation
  ADD KEY conversation_pathway (account_id, pathway_id, is_open);
