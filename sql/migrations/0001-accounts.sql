-- Who uses the server: accounts, their keys, their carriers and numbers.

CREATE TABLE account (
  id BINARY(16) NOT NULL PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE KEY account_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Only the SHA-256 of a key's secret is kept.  The id comes first: a key is
-- looked up before its account is known.
CREATE TABLE api_key (
  id BINARY(16) NOT NULL PRIMARY KEY,
  account_id BINARY(16) NOT NULL,
  name VARCHAR(255) NOT NULL,
  digest BINARY(32) NOT NULL,
  scopes VARCHAR(1024) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  expires_at DATETIME(6) NULL,
  revoked_at DATETIME(6) NULL,
  KEY api_key_account (account_id, created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A provider's account belongs to one account here.
CREATE TABLE carrier (
  account_id BINARY(16) NOT NULL,
  id BINARY(16) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  name VARCHAR(255) NOT NULL,
  provider_account VARCHAR(64) NULL,
  credentials_sealed TEXT NULL,
  base_url VARCHAR(2048) NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, id),
  UNIQUE KEY carrier_provider (kind, provider_account),
  CONSTRAINT carrier_kind CHECK (kind IN ('loopback', 'twilio'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE phone_number (
  account_id BINARY(16) NOT NULL,
  number VARCHAR(16) NOT NULL,
  carrier_id BINARY(16) NOT NULL,
  label VARCHAR(255) NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, number),
  KEY phone_number_carrier (account_id, carrier_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A number is on a channel when it has a row for it.
CREATE TABLE number_config (
  account_id BINARY(16) NOT NULL,
  number VARCHAR(16) NOT NULL,
  channel VARCHAR(16) NOT NULL,
  webhook VARCHAR(2048) NULL,
  request_data MEDIUMTEXT NOT NULL,
  time_out DOUBLE NULL,
  timeout_action VARCHAR(16) NULL,
  timeout_message TEXT NULL,
  warning_time DOUBLE NULL,
  warning_message TEXT NULL,
  messaging_service_sid VARCHAR(64) NULL,
  objective MEDIUMTEXT NULL,
  tools MEDIUMTEXT NOT NULL,
  temperature DOUBLE NOT NULL,
  pathway_id VARCHAR(64) NULL,
  pathway_version VARCHAR(64) NULL,
  start_node_id VARCHAR(255) NULL,
  restart_after_end_call BOOLEAN NOT NULL,
  timezone VARCHAR(64) NULL,
  summary_prompt MEDIUMTEXT NULL,
  disposition_ids MEDIUMTEXT NULL,
  citation_schema_ids MEDIUMTEXT NULL,
  ignore_keywords MEDIUMTEXT NULL,
  debounce DOUBLE NOT NULL,
  debounce_max DOUBLE NOT NULL,
  quiet_hours CHAR(11) NULL,
  max_segments BIGINT NULL,
  help_message TEXT NULL,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, channel, number),
  CONSTRAINT number_config_channel
    CHECK (channel IN ('sms', 'whatsapp', 'imessage')),
  CONSTRAINT number_config_timeout_action
    CHECK (timeout_action IN ('send_sms', 'end'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- How many conversations a number has handled, spread over 16 rows that are
-- summed when read, so that no two requests wait for one counter.
CREATE TABLE number_count (
  account_id BINARY(16) NOT NULL,
  channel VARCHAR(16) NOT NULL,
  number VARCHAR(16) NOT NULL,
  slot BIGINT NOT NULL,
  conversations BIGINT NOT NULL,
  PRIMARY KEY (account_id, channel, number, slot)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
