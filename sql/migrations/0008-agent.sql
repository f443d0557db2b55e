-- The agent answers: its turns, what a conversation overrides of its
-- number's config, people who take over, and who wants no texts.

-- turn_work_id is the turn that waits or runs, of a burst that began at
-- turn_since; user_seq and user_at are of the user's last message.
-- agent_streak counts the agent's messages since the last pause.
-- ended_by_client: the next text opens a new one, whatever the number's
-- config says.
ALTER TABLE conversation
  ADD COLUMN objective MEDIUMTEXT NULL,
  ADD COLUMN webhook VARCHAR(2048) NULL,
  ADD COLUMN disposition_ids MEDIUMTEXT NULL,
  ADD COLUMN citation_schema_ids MEDIUMTEXT NULL,
  ADD COLUMN turn_work_id BINARY(16) NULL,
  ADD COLUMN turn_since DATETIME(6) NULL,
  ADD COLUMN turn_discards BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN user_seq BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN user_at DATETIME(6) NULL,
  ADD COLUMN agent_streak BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN human_handoff_at DATETIME(6) NULL,
  ADD COLUMN human_handoff_reason TEXT NULL,
  ADD COLUMN human_handoff_metadata MEDIUMTEXT NULL,
  ADD COLUMN human_handoff_webhook VARCHAR(2048) NULL,
  ADD COLUMN pathway_tags MEDIUMTEXT NULL,
  ADD COLUMN ended_by_client BOOLEAN NOT NULL DEFAULT FALSE;

-- media is a JSON array; told_work_id is the work that tells the client of
-- the message.
ALTER TABLE message
  ADD COLUMN media MEDIUMTEXT NULL,
  ADD COLUMN told_work_id BINARY(16) NULL;

-- NULL: no limit.
ALTER TABLE number_config
  ADD COLUMN human_mode BOOLEAN NOT NULL DEFAULT FALSE,
  ADD COLUMN sends_per_second DOUBLE NULL,
  ADD COLUMN daily_messages BIGINT NULL,
  ADD COLUMN loop_guard BIGINT NULL;

-- Until it is first sent, the document of a message's delivery is not
-- written: message_seq says of which message it will be.
ALTER TABLE delivery
  MODIFY COLUMN document MEDIUMTEXT NULL,
  ADD COLUMN message_seq BIGINT NULL;

-- Who said STOP to a number.
CREATE TABLE opt_out (
  account_id BINARY(16) NOT NULL,
  channel VARCHAR(16) NOT NULL,
  agent_key VARCHAR(255) NOT NULL,
  user_key VARCHAR(255) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, channel, agent_key, user_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Why the agent said what it said: one row for each time that it took its
-- turn, also those that were thrown away.
CREATE TABLE turn (
  account_id BINARY(16) NOT NULL,
  conversation_id BINARY(16) NOT NULL,
  id BINARY(16) NOT NULL,
  work_id BINARY(16) NOT NULL,
  event VARCHAR(16) NOT NULL,
  outcome VARCHAR(16) NOT NULL,
  reason TEXT NULL,
  user_seq BIGINT NOT NULL,
  trace MEDIUMTEXT NOT NULL,
  started_at DATETIME(6) NOT NULL,
  ended_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, conversation_id, id),
  CONSTRAINT turn_outcome
    CHECK (outcome IN ('done', 'discarded', 'failed'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- When a number may send next, for texts that are replies and for others.
CREATE TABLE number_pace (
  account_id BINARY(16) NOT NULL,
  channel VARCHAR(16) NOT NULL,
  number VARCHAR(16) NOT NULL,
  next_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, channel, number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
