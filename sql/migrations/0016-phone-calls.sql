-- Calls at a carrier: a row for each try to reach the user of a
-- conversation, and one for a call that came in.

-- id is also that of the work that places it.  Times are in seconds: before
-- it is tried once more, until nobody answered, and of the whole call.  is_up is 1 or NULL: it is,
-- or may be, at the carrier.  Since placed_at nobody knows what came of
-- placing it; NULL: the carrier surely does not have it, or is known to.
CREATE TABLE phone_call (
  account_id BINARY(16) NOT NULL,
  id BINARY(16) NOT NULL,
  conversation_id BINARY(16) NOT NULL,
  attempt BIGINT NOT NULL,
  retries BIGINT NOT NULL,
  retry_delay BIGINT NOT NULL,
  ring_most BIGINT NOT NULL,
  talk_most BIGINT NOT NULL,
  is_up TINYINT NULL,
  placed_at DATETIME(6) NULL,
  carrier_call_id VARCHAR(64) NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, id),
  UNIQUE KEY phone_call_attempt (account_id, conversation_id, attempt),
  UNIQUE KEY phone_call_carrier (account_id, carrier_call_id),
  KEY phone_call_up (account_id, is_up),
  CONSTRAINT phone_call_is_up CHECK (is_up = 1)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
