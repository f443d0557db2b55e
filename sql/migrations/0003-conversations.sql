-- Conversations, their messages, and the work that they cause.

-- is_open is 1 or NULL: a pair has at most one open conversation on a
-- channel, and any number of ended ones.
CREATE TABLE conversation (
  account_id BINARY(16) NOT NULL,
  id BINARY(16) NOT NULL,
  channel VARCHAR(16) NOT NULL,
  agent_key VARCHAR(255) NOT NULL,
  user_key VARCHAR(255) NOT NULL,
  is_open TINYINT NULL,
  status VARCHAR(16) NOT NULL,
  pathway_id VARCHAR(64) NULL,
  pathway_version VARCHAR(64) NULL,
  node_id VARCHAR(255) NULL,
  variables MEDIUMTEXT NULL,
  metadata MEDIUMTEXT NULL,
  time_out DOUBLE NULL,
  timeout_message TEXT NULL,
  warning_time DOUBLE NULL,
  warning_message TEXT NULL,
  silence_work_id BINARY(16) NULL,
  last_seq BIGINT NOT NULL,
  cleared_seq BIGINT NOT NULL,
  message_count BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  last_message_at DATETIME(6) NULL,
  timed_out_at DATETIME(6) NULL,
  ended_at DATETIME(6) NULL,
  PRIMARY KEY (account_id, id),
  UNIQUE KEY conversation_pair
    (account_id, channel, agent_key, user_key, is_open),
  KEY conversation_created (account_id, created_at, id),
  CONSTRAINT conversation_is_open CHECK (is_open = 1),
  CONSTRAINT conversation_open_status
    CHECK ((is_open IS NULL) = (status <> 'open')),
  CONSTRAINT conversation_status CHECK (status IN
    ('open', 'ended', 'timeout', 'blacklisted', 'inactive'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- seq comes from the locked conversation: no gap, no swap.  A carrier's id
-- names one message of an account.
CREATE TABLE message (
  account_id BINARY(16) NOT NULL,
  conversation_id BINARY(16) NOT NULL,
  seq BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  sender VARCHAR(8) NOT NULL,
  status VARCHAR(16) NULL,
  text TEXT NOT NULL,
  segments BIGINT NOT NULL,
  encoding VARCHAR(8) NOT NULL,
  carrier_message_id VARCHAR(64) NULL,
  error_code VARCHAR(64) NULL,
  work_id BINARY(16) NULL,
  created_at DATETIME(6) NOT NULL,
  deleted_at DATETIME(6) NULL,
  PRIMARY KEY (account_id, conversation_id, seq),
  UNIQUE KEY message_carrier (account_id, carrier_message_id),
  CONSTRAINT message_sender CHECK (sender IN ('USER', 'AGENT', 'HUMAN')),
  CONSTRAINT message_encoding CHECK (encoding IN ('GSM-7', 'UCS-2')),
  CONSTRAINT message_status CHECK (status IN ('pending', 'queued', 'sent',
    'delivered', 'read', 'failed', 'undelivered'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What must happen later.  merge_key is set while a row waits or runs, for
-- kinds of which a subject may have only one at a time.
CREATE TABLE work (
  id BINARY(16) NOT NULL PRIMARY KEY,
  account_id BINARY(16) NOT NULL,
  subject_id BINARY(16) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  state VARCHAR(16) NOT NULL,
  merge_key VARCHAR(64) NULL,
  due DATETIME(6) NOT NULL,
  attempt BIGINT NOT NULL,
  payload MEDIUMTEXT NOT NULL,
  result MEDIUMTEXT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  UNIQUE KEY work_merge (merge_key),
  KEY work_due (state, due),
  KEY work_subject (account_id, subject_id),
  CONSTRAINT work_kind CHECK (kind IN
    ('turn', 'send', 'silence', 'close', 'deliver', 'dial', 'purge')),
  CONSTRAINT work_state CHECK (state IN
    ('waiting', 'running', 'done', 'dead'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
