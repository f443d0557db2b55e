-- What is found out when a conversation has ended.

ALTER TABLE conversation
  ADD COLUMN summary MEDIUMTEXT NULL,
  ADD COLUMN citation_variables MEDIUMTEXT NULL,
  ADD COLUMN disposition_tag VARCHAR(255) NULL;

-- Every version that an outcome has had, the present one included.
CREATE TABLE outcome_version (
  account_id BINARY(16) NOT NULL,
  outcome_id VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  document LONGTEXT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, outcome_id, version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What came of each outcome at the last end of a conversation, in their
-- order.
CREATE TABLE disposition_log (
  account_id BINARY(16) NOT NULL,
  conversation_id BINARY(16) NOT NULL,
  position BIGINT NOT NULL,
  outcome_id VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  status VARCHAR(16) NOT NULL,
  result MEDIUMTEXT NULL,
  error TEXT NULL,
  exec_time BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, conversation_id, position),
  CONSTRAINT disposition_log_status CHECK (status IN ('COMPLETE', 'ERROR'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

ALTER TABLE work
  DROP CONSTRAINT work_kind,
  ADD CONSTRAINT work_kind CHECK (kind IN
    ('turn', 'send', 'silence', 'close', 'deliver', 'dial', 'purge',
     'analyse'));
