-- Work that is claimed, done, tried again and given up; and what is sent to
-- clients.

-- While a row runs, `due` is the end of its lease.
ALTER TABLE work
  ADD COLUMN worker VARCHAR(64) NULL,
  ADD COLUMN reason TEXT NULL,
  DROP KEY work_due,
  ADD KEY work_due (state, due, account_id);

-- What is done moves here, so that the claim's index holds what waits.
CREATE TABLE work_done (
  account_id BINARY(16) NOT NULL,
  id BINARY(16) NOT NULL,
  subject_id BINARY(16) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  due DATETIME(6) NOT NULL,
  attempt BIGINT NOT NULL,
  payload MEDIUMTEXT NOT NULL,
  result MEDIUMTEXT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, id),
  KEY work_done_subject (account_id, subject_id),
  KEY work_done_updated (updated_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- How each try ended that was not the last.
CREATE TABLE work_attempt (
  account_id BINARY(16) NOT NULL,
  work_id BINARY(16) NOT NULL,
  attempt BIGINT NOT NULL,
  outcome VARCHAR(16) NOT NULL,
  reason TEXT NULL,
  finished_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, work_id, attempt)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
