-- Agents with their versions, and conversations on every channel.

CREATE TABLE agent (
  account_id BINARY(16) NOT NULL,
  id BINARY(16) NOT NULL,
  name VARCHAR(255) NOT NULL,
  description TEXT NULL,
  active BOOLEAN NOT NULL,
  is_demo BOOLEAN NOT NULL,
  metadata MEDIUMTEXT NULL,
  last_version BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, id),
  KEY agent_created (account_id, created_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A draft is one that was never published; no statement changes one that
-- was.  A config that a conversation brought along belongs to no agent.
CREATE TABLE agent_version (
  account_id BINARY(16) NOT NULL,
  id BINARY(16) NOT NULL,
  agent_id BINARY(16) NULL,
  version BIGINT NOT NULL,
  config MEDIUMTEXT NOT NULL,
  published_at DATETIME(6) NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, id),
  UNIQUE KEY agent_version_number (account_id, agent_id, version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Who answers the calls to a number, and in whose name it calls.
ALTER TABLE phone_number
  ADD COLUMN inbound_agent_version_id BINARY(16) NULL,
  ADD COLUMN outbound_agent_version_id BINARY(16) NULL;

-- is_open is the pair rule alone: on channels without pairs it is always
-- NULL, and status says whether a conversation is open.  progress is what
-- the conversations API calls its status; carrier_call_id names a call at
-- its carrier; duration is in seconds, once it has ended.
ALTER TABLE conversation
  DROP CONSTRAINT conversation_open_status,
  ADD CONSTRAINT conversation_open_status CHECK
    ((is_open IS NULL) = (status <> 'open')
     OR channel NOT IN ('sms', 'whatsapp', 'imessage')),
  ADD COLUMN direction VARCHAR(8) NOT NULL DEFAULT 'inbound',
  ADD COLUMN progress VARCHAR(16) NOT NULL DEFAULT 'in_progress',
  ADD COLUMN agent_id BINARY(16) NULL,
  ADD COLUMN agent_version_id BINARY(16) NULL,
  ADD COLUMN initial_context MEDIUMTEXT NULL,
  ADD COLUMN subject TEXT NULL,
  ADD COLUMN work_id BINARY(16) NULL,
  ADD COLUMN carrier_call_id VARCHAR(64) NULL,
  ADD COLUMN answered_at DATETIME(6) NULL,
  ADD COLUMN duration BIGINT NULL,
  ADD COLUMN user_turn_count BIGINT NOT NULL DEFAULT 0,
  ADD UNIQUE KEY conversation_call (account_id, carrier_call_id),
  ADD CONSTRAINT conversation_direction
    CHECK (direction IN ('inbound', 'outbound')),
  ADD CONSTRAINT conversation_progress CHECK (progress IN
    ('token_created', 'triggered', 'ringing', 'in_progress', 'completed',
     'failed', 'cancelled', 'transferred', 'unanswered'));

UPDATE conversation
SET progress = IF(status = 'open', 'in_progress', 'completed'),
  answered_at = created_at,
  duration = TIMESTAMPDIFF(SECOND, created_at, ended_at),
  user_turn_count = (SELECT COUNT(*) FROM message m
    WHERE m.account_id = conversation.account_id
    AND m.conversation_id = conversation.id AND m.sender = 'USER');

-- mail: an agent's email leaves; receive: one that came in is read.
ALTER TABLE work
  DROP CONSTRAINT work_kind,
  ADD CONSTRAINT work_kind CHECK (kind IN
    ('turn', 'send', 'silence', 'close', 'deliver', 'dial', 'purge',
     'analyse', 'chat', 'mail', 'receive'));

ALTER TABLE carrier
  DROP CONSTRAINT carrier_kind,
  ADD CONSTRAINT carrier_kind CHECK (kind IN
    ('loopback', 'twilio', 'smtp', 'livekit'));
