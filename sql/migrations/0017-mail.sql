-- Email: addresses of agents, the mails of conversations, who is not written
-- to, and mails as they arrived until they are read.

-- signing_sealed: what calls to us are signed with; verification_key: the
-- public key of those that are signed so.  A carrier that a provider calls
-- is found by its id alone.
ALTER TABLE carrier
  ADD COLUMN username VARCHAR(255) NULL,
  ADD COLUMN signing_sealed TEXT NULL,
  ADD COLUMN verification_key VARCHAR(1024) NULL,
  ADD UNIQUE KEY carrier_id (id);

CREATE TABLE email_address (
  account_id BINARY(16) NOT NULL,
  address VARCHAR(254) NOT NULL,
  carrier_id BINARY(16) NOT NULL,
  inbound_agent_version_id BINARY(16) NULL,
  label VARCHAR(255) NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, address),
  KEY email_address_anywhere (address),
  KEY email_address_carrier (account_id, carrier_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Of a conversation by email: between whom it is, and who is copied.
CREATE TABLE mail_thread (
  account_id BINARY(16) NOT NULL,
  conversation_id BINARY(16) NOT NULL,
  agent_address VARCHAR(254) NOT NULL,
  user_address VARCHAR(254) NOT NULL,
  cc MEDIUMTEXT NOT NULL,
  PRIMARY KEY (account_id, conversation_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What a message has as a mail.  Threads are found by the digest of a
-- Message-ID; two agents of an account may have the same mail.
CREATE TABLE mail (
  account_id BINARY(16) NOT NULL,
  conversation_id BINARY(16) NOT NULL,
  seq BIGINT NOT NULL,
  message_id TEXT NULL,
  id_digest BINARY(32) NULL,
  chain MEDIUMTEXT NULL,
  sender VARCHAR(254) NOT NULL,
  recipients MEDIUMTEXT NOT NULL,
  cc MEDIUMTEXT NOT NULL,
  subject TEXT NOT NULL,
  text MEDIUMTEXT NULL,
  html MEDIUMTEXT NULL,
  suppressed_reason VARCHAR(255) NULL,
  delivery_status VARCHAR(16) NULL,
  delivery_error_code VARCHAR(64) NULL,
  sent_at DATETIME(6) NULL,
  delivered_at DATETIME(6) NULL,
  opened_at DATETIME(6) NULL,
  clicked_at DATETIME(6) NULL,
  clicked_link TEXT NULL,
  ended_at DATETIME(6) NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, conversation_id, seq),
  UNIQUE KEY mail_id (account_id, id_digest, conversation_id),
  CONSTRAINT mail_delivery CHECK (delivery_status IN
    ('queued', 'sent', 'delivered', 'opened', 'clicked', 'bounced',
     'complaint', 'failed'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE suppression (
  account_id BINARY(16) NOT NULL,
  channel VARCHAR(16) NOT NULL,
  address VARCHAR(254) NOT NULL,
  reason VARCHAR(16) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, channel, address),
  CONSTRAINT suppression_reason CHECK (reason IN
    ('stop_keyword', 'bounce', 'complaint'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A mail as it arrived, once for a recipient; its bytes are in pieces, so
-- that none is larger than a packet of the store may be, and go when it has
-- been read.
CREATE TABLE mail_inbound (
  account_id BINARY(16) NOT NULL,
  id BINARY(16) NOT NULL,
  digest BINARY(32) NOT NULL,
  recipient VARCHAR(254) NULL,
  envelope_from VARCHAR(254) NULL,
  size BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, id),
  UNIQUE KEY mail_inbound_once (account_id, digest)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE mail_piece (
  account_id BINARY(16) NOT NULL,
  mail_id BINARY(16) NOT NULL,
  number BIGINT NOT NULL,
  base64 MEDIUMTEXT NOT NULL,
  PRIMARY KEY (account_id, mail_id, number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What signs a provider's call counts once.
CREATE TABLE hook_token (
  account_id BINARY(16) NOT NULL,
  digest BINARY(32) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, digest),
  KEY hook_token_created (account_id, created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
