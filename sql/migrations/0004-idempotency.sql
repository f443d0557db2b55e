-- The answers of requests that carried an Idempotency-Key.  The row is
-- written first in the request's own transaction, so whoever comes second
-- waits for its lock.

CREATE TABLE idempotency (
  account_id BINARY(16) NOT NULL,
  request_digest BINARY(32) NOT NULL,
  body_digest BINARY(32) NOT NULL,
  status BIGINT NOT NULL,
  answer MEDIUMTEXT NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, request_digest),
  KEY idempotency_expires (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
