-- Secrets that tools use, and tools by age.

-- `sealed` opens under the account and the id alone.  The name is compared
-- without case, as a template writes it.
CREATE TABLE secret (
  account_id BINARY(16) NOT NULL,
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
  id BINARY(16) NOT NULL,
  sealed TEXT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, name),
  UNIQUE KEY secret_id (account_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

ALTER TABLE tool
  ADD KEY tool_created (account_id, created_at, id);
