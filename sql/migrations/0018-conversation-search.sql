-- Conversations are found by what they are and shown newest first.

ALTER TABLE conversation
  ADD KEY conversation_facet
    (account_id, direction, channel, progress, created_at, id),
  ADD KEY conversation_agent
    (account_id, agent_id, direction, channel, progress, created_at, id),
  ADD KEY conversation_version
    (account_id, agent_version_id, direction, channel, progress, created_at,
     id),
  ADD KEY conversation_user (account_id, user_key, created_at, id),
  ADD KEY conversation_number (account_id, agent_key, created_at, id),
  ADD KEY conversation_duration (account_id, duration, created_at, id),
  ADD KEY conversation_turns (account_id, user_turn_count, created_at, id);

-- Users' and agents' names from each of their characters on, eight of them,
-- in small letters: what a piece of a name is found by.
CREATE TABLE party_part (
  account_id BINARY(16) NOT NULL,
  side VARCHAR(8) NOT NULL,
  part VARCHAR(8) NOT NULL,
  party VARCHAR(255) NOT NULL,
  PRIMARY KEY (account_id, side, part, party),
  CONSTRAINT party_part_side CHECK (side IN ('user', 'agent'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Digests of what stands in a conversation's metadata, and where.
CREATE TABLE metadata_leaf (
  account_id BINARY(16) NOT NULL,
  digest BINARY(8) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  conversation_id BINARY(16) NOT NULL,
  PRIMARY KEY (account_id, digest, created_at, conversation_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT IGNORE INTO party_part (account_id, side, part, party)
WITH RECURSIVE place (n) AS
  (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 255)
SELECT c.account_id, 'user', SUBSTRING(LOWER(c.user_key), place.n, 8),
  c.user_key
FROM (SELECT DISTINCT account_id, user_key FROM conversation) c
JOIN place ON place.n <= CHAR_LENGTH(c.user_key);

INSERT IGNORE INTO party_part (account_id, side, part, party)
WITH RECURSIVE place (n) AS
  (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 255)
SELECT c.account_id, 'agent', SUBSTRING(LOWER(c.agent_key), place.n, 8),
  c.agent_key
FROM (SELECT DISTINCT account_id, agent_key FROM conversation) c
JOIN place ON place.n <= CHAR_LENGTH(c.agent_key);

-- The digest of zeros stands for what was not taken apart: those that have
-- it are looked into one by one.
INSERT INTO metadata_leaf (account_id, digest, created_at, conversation_id)
SELECT account_id, REPEAT(x'00', 8), created_at, id
FROM conversation
WHERE metadata IS NOT NULL;
