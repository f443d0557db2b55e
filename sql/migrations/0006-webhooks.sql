-- What clients are told, and how it went.

-- `work_id` is the work that delivers it, or did last: what became of that
-- says what became of the delivery.
CREATE TABLE delivery (
  account_id BINARY(16) NOT NULL,
  id BINARY(16) NOT NULL,
  conversation_id BINARY(16) NOT NULL,
  url VARCHAR(2048) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  document MEDIUMTEXT NOT NULL,
  work_id BINARY(16) NOT NULL,
  send_type VARCHAR(8) NOT NULL,
  attempts BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  delivered_at DATETIME(6) NULL,
  PRIMARY KEY (account_id, id),
  KEY delivery_conversation (account_id, conversation_id, id),
  CONSTRAINT delivery_kind CHECK (kind IN ('message', 'status')),
  CONSTRAINT delivery_send_type
    CHECK (send_type IN ('spawn', 'resend', 'create'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- `response_time` is in milliseconds; without a response_code there was no
-- answer.
CREATE TABLE delivery_attempt (
  account_id BINARY(16) NOT NULL,
  delivery_id BINARY(16) NOT NULL,
  attempt BIGINT NOT NULL,
  send_type VARCHAR(8) NOT NULL,
  sent_at DATETIME(6) NOT NULL,
  response_code BIGINT NULL,
  response_time BIGINT NOT NULL,
  error_message TEXT NULL,
  PRIMARY KEY (account_id, delivery_id, attempt),
  CONSTRAINT delivery_attempt_send_type
    CHECK (send_type IN ('spawn', 'resend', 'create'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Two slots: so many are valid at once.
CREATE TABLE webhook_secret (
  account_id BINARY(16) NOT NULL,
  id BINARY(16) NOT NULL,
  slot BIGINT NOT NULL,
  sealed TEXT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  expires_at DATETIME(6) NULL,
  PRIMARY KEY (account_id, id),
  UNIQUE KEY webhook_secret_slot (account_id, slot),
  CONSTRAINT webhook_secret_slots CHECK (slot IN (0, 1))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
