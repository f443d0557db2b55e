-- The language model that an account chose for itself; an account without a
-- row has the deployment's.

CREATE TABLE model_setting (
  account_id BINARY(16) NOT NULL,
  url VARCHAR(2048) NOT NULL,
  model VARCHAR(255) NOT NULL,
  key_sealed TEXT NULL,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
