-- Conversations with a pathway that no carrier carries: a client tries it.

CREATE TABLE pathway_chat (
  account_id BINARY(16) NOT NULL,
  id BINARY(16) NOT NULL,
  pathway_id VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  work_id BINARY(16) NULL,
  completed BOOLEAN NOT NULL,
  state TEXT NULL,
  node_name TEXT NULL,
  variables MEDIUMTEXT NULL,
  history MEDIUMTEXT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, id),
  KEY pathway_chat_updated (account_id, updated_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

ALTER TABLE work
  DROP CONSTRAINT work_kind,
  ADD CONSTRAINT work_kind CHECK (kind IN
    ('turn', 'send', 'silence', 'close', 'deliver', 'dial', 'purge',
     'analyse', 'chat'));
