-- Messages that leave: what the loopback carrier was given, and what
-- carriers reported before their ids were recorded.

-- Since when a try may have reached the carrier of which nobody knows what
-- came of it; NULL: the carrier surely does not have the message.
ALTER TABLE message
  ADD COLUMN leaving_at DATETIME(6) NULL;

-- A message is given once, however often it is sent.
CREATE TABLE loopback_message (
  account_id BINARY(16) NOT NULL,
  id VARCHAR(64) NOT NULL,
  from_number VARCHAR(255) NOT NULL,
  to_number VARCHAR(255) NOT NULL,
  text TEXT NOT NULL,
  message_id BINARY(16) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, id),
  UNIQUE KEY loopback_message_message (account_id, message_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The highest status that was reported under an id that no message has yet.
CREATE TABLE receipt (
  account_id BINARY(16) NOT NULL,
  carrier_message_id VARCHAR(64) NOT NULL,
  status VARCHAR(16) NULL,
  error_code VARCHAR(64) NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, carrier_message_id),
  KEY receipt_created (created_at),
  CONSTRAINT receipt_status CHECK (status IN ('pending', 'queued', 'sent',
    'delivered', 'read', 'failed', 'undelivered'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
