-- The schema, printed by make schema from sql/migrations.

CREATE TABLE `account` (
  `id` binary(16) NOT NULL,
  `name` varchar(255) NOT NULL,
  `created_at` datetime(6) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `account_name` (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `agent` (
  `account_id` binary(16) NOT NULL,
  `id` binary(16) NOT NULL,
  `name` varchar(255) NOT NULL,
  `description` text DEFAULT NULL,
  `active` tinyint(1) NOT NULL,
  `is_demo` tinyint(1) NOT NULL,
  `metadata` mediumtext DEFAULT NULL,
  `last_version` bigint(20) NOT NULL,
  `created_at` datetime(6) NOT NULL,
  `updated_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`id`),
  KEY `agent_created` (`account_id`,`created_at`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `agent_version` (
  `account_id` binary(16) NOT NULL,
  `id` binary(16) NOT NULL,
  `agent_id` binary(16) DEFAULT NULL,
  `version` bigint(20) NOT NULL,
  `config` mediumtext NOT NULL,
  `published_at` datetime(6) DEFAULT NULL,
  `created_at` datetime(6) NOT NULL,
  `updated_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`id`),
  UNIQUE KEY `agent_version_number` (`account_id`,`agent_id`,`version`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `api_key` (
  `id` binary(16) NOT NULL,
  `account_id` binary(16) NOT NULL,
  `name` varchar(255) NOT NULL,
  `digest` binary(32) NOT NULL,
  `scopes` varchar(1024) NOT NULL,
  `created_at` datetime(6) NOT NULL,
  `expires_at` datetime(6) DEFAULT NULL,
  `revoked_at` datetime(6) DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `api_key_account` (`account_id`,`created_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `carrier` (
  `account_id` binary(16) NOT NULL,
  `id` binary(16) NOT NULL,
  `kind` varchar(16) NOT NULL,
  `name` varchar(255) NOT NULL,
  `provider_account` varchar(64) DEFAULT NULL,
  `credentials_sealed` text DEFAULT NULL,
  `base_url` varchar(2048) DEFAULT NULL,
  `created_at` datetime(6) NOT NULL,
  `username` varchar(255) DEFAULT NULL,
  `signing_sealed` text DEFAULT NULL,
  `verification_key` varchar(1024) DEFAULT NULL,
  PRIMARY KEY (`account_id`,`id`),
  UNIQUE KEY `carrier_id` (`id`),
  UNIQUE KEY `carrier_provider` (`kind`,`provider_account`),
  CONSTRAINT `carrier_kind` CHECK (`kind` in ('loopback','twilio','smtp','livekit'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `citation_schema` (
  `account_id` binary(16) NOT NULL,
  `id` varchar(64) NOT NULL,
  `name` varchar(255) NOT NULL,
  `document` longtext NOT NULL,
  `created_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `conversation` (
  `account_id` binary(16) NOT NULL,
  `id` binary(16) NOT NULL,
  `channel` varchar(16) NOT NULL,
  `agent_key` varchar(255) NOT NULL,
  `user_key` varchar(255) NOT NULL,
  `is_open` tinyint(4) DEFAULT NULL,
  `status` varchar(16) NOT NULL,
  `pathway_id` varchar(64) DEFAULT NULL,
  `pathway_version` varchar(64) DEFAULT NULL,
  `node_id` varchar(255) DEFAULT NULL,
  `variables` mediumtext DEFAULT NULL,
  `metadata` mediumtext DEFAULT NULL,
  `time_out` double DEFAULT NULL,
  `timeout_message` text DEFAULT NULL,
  `warning_time` double DEFAULT NULL,
  `warning_message` text DEFAULT NULL,
  `silence_work_id` binary(16) DEFAULT NULL,
  `last_seq` bigint(20) NOT NULL,
  `cleared_seq` bigint(20) NOT NULL,
  `message_count` bigint(20) NOT NULL,
  `created_at` datetime(6) NOT NULL,
  `updated_at` datetime(6) NOT NULL,
  `last_message_at` datetime(6) DEFAULT NULL,
  `timed_out_at` datetime(6) DEFAULT NULL,
  `ended_at` datetime(6) DEFAULT NULL,
  `objective` mediumtext DEFAULT NULL,
  `webhook` varchar(2048) DEFAULT NULL,
  `disposition_ids` mediumtext DEFAULT NULL,
  `citation_schema_ids` mediumtext DEFAULT NULL,
  `turn_work_id` binary(16) DEFAULT NULL,
  `turn_since` datetime(6) DEFAULT NULL,
  `turn_discards` bigint(20) NOT NULL DEFAULT 0,
  `user_seq` bigint(20) NOT NULL DEFAULT 0,
  `user_at` datetime(6) DEFAULT NULL,
  `agent_streak` bigint(20) NOT NULL DEFAULT 0,
  `human_handoff_at` datetime(6) DEFAULT NULL,
  `human_handoff_reason` text DEFAULT NULL,
  `human_handoff_metadata` mediumtext DEFAULT NULL,
  `human_handoff_webhook` varchar(2048) DEFAULT NULL,
  `pathway_tags` mediumtext DEFAULT NULL,
  `ended_by_client` tinyint(1) NOT NULL DEFAULT 0,
  `summary` mediumtext DEFAULT NULL,
  `citation_variables` mediumtext DEFAULT NULL,
  `disposition_tag` varchar(255) DEFAULT NULL,
  `turn_state` mediumtext DEFAULT NULL,
  `direction` varchar(8) NOT NULL DEFAULT 'inbound',
  `progress` varchar(16) NOT NULL DEFAULT 'in_progress',
  `agent_id` binary(16) DEFAULT NULL,
  `agent_version_id` binary(16) DEFAULT NULL,
  `initial_context` mediumtext DEFAULT NULL,
  `subject` text DEFAULT NULL,
  `work_id` binary(16) DEFAULT NULL,
  `carrier_call_id` varchar(64) DEFAULT NULL,
  `answered_at` datetime(6) DEFAULT NULL,
  `duration` bigint(20) DEFAULT NULL,
  `user_turn_count` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`account_id`,`id`),
  UNIQUE KEY `conversation_pair` (`account_id`,`channel`,`agent_key`,`user_key`,`is_open`),
  UNIQUE KEY `conversation_call` (`account_id`,`carrier_call_id`),
  KEY `conversation_created` (`account_id`,`created_at`,`id`),
  KEY `conversation_pathway` (`account_id`,`pathway_id`,`is_open`),
  KEY `conversation_facet` (`account_id`,`direction`,`channel`,`progress`,`created_at`,`id`),
  KEY `conversation_agent` (`account_id`,`agent_id`,`direction`,`channel`,`progress`,`created_at`,`id`),
  KEY `conversation_version` (`account_id`,`agent_version_id`,`direction`,`channel`,`progress`,`created_at`,`id`),
  KEY `conversation_user` (`account_id`,`user_key`,`created_at`,`id`),
  KEY `conversation_number` (`account_id`,`agent_key`,`created_at`,`id`),
  KEY `conversation_duration` (`account_id`,`duration`,`created_at`,`id`),
  KEY `conversation_turns` (`account_id`,`user_turn_count`,`created_at`,`id`),
  CONSTRAINT `conversation_is_open` CHECK (`is_open` = 1),
  CONSTRAINT `conversation_status` CHECK (`status` in ('open','ended','timeout','blacklisted','inactive')),
  CONSTRAINT `conversation_open_status` CHECK (`is_open` is null = (`status` <> 'open') or `channel` not in ('sms','whatsapp','imessage')),
  CONSTRAINT `conversation_direction` CHECK (`direction` in ('inbound','outbound')),
  CONSTRAINT `conversation_progress` CHECK (`progress` in ('token_created','triggered','ringing','in_progress','completed','failed','cancelled','transferred','unanswered'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `delivery` (
  `account_id` binary(16) NOT NULL,
  `id` binary(16) NOT NULL,
  `conversation_id` binary(16) NOT NULL,
  `url` varchar(2048) NOT NULL,
  `kind` varchar(16) NOT NULL,
  `document` mediumtext DEFAULT NULL,
  `work_id` binary(16) NOT NULL,
  `send_type` varchar(8) NOT NULL,
  `attempts` bigint(20) NOT NULL,
  `created_at` datetime(6) NOT NULL,
  `delivered_at` datetime(6) DEFAULT NULL,
  `message_seq` bigint(20) DEFAULT NULL,
  PRIMARY KEY (`account_id`,`id`),
  KEY `delivery_conversation` (`account_id`,`conversation_id`,`id`),
  CONSTRAINT `delivery_kind` CHECK (`kind` in ('message','status')),
  CONSTRAINT `delivery_send_type` CHECK (`send_type` in ('spawn','resend','create'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `delivery_attempt` (
  `account_id` binary(16) NOT NULL,
  `delivery_id` binary(16) NOT NULL,
  `attempt` bigint(20) NOT NULL,
  `send_type` varchar(8) NOT NULL,
  `sent_at` datetime(6) NOT NULL,
  `response_code` bigint(20) DEFAULT NULL,
  `response_time` bigint(20) NOT NULL,
  `error_message` text DEFAULT NULL,
  PRIMARY KEY (`account_id`,`delivery_id`,`attempt`),
  CONSTRAINT `delivery_attempt_send_type` CHECK (`send_type` in ('spawn','resend','create'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `disposition_log` (
  `account_id` binary(16) NOT NULL,
  `conversation_id` binary(16) NOT NULL,
  `position` bigint(20) NOT NULL,
  `outcome_id` varchar(64) NOT NULL,
  `version` bigint(20) NOT NULL,
  `status` varchar(16) NOT NULL,
  `result` mediumtext DEFAULT NULL,
  `error` text DEFAULT NULL,
  `exec_time` bigint(20) NOT NULL,
  `created_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`conversation_id`,`position`),
  CONSTRAINT `disposition_log_status` CHECK (`status` in ('COMPLETE','ERROR'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `email_address` (
  `account_id` binary(16) NOT NULL,
  `address` varchar(254) NOT NULL,
  `carrier_id` binary(16) NOT NULL,
  `inbound_agent_version_id` binary(16) DEFAULT NULL,
  `label` varchar(255) DEFAULT NULL,
  `created_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`address`),
  KEY `email_address_anywhere` (`address`),
  KEY `email_address_carrier` (`account_id`,`carrier_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `hook_token` (
  `account_id` binary(16) NOT NULL,
  `digest` binary(32) NOT NULL,
  `created_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`digest`),
  KEY `hook_token_created` (`account_id`,`created_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `idempotency` (
  `account_id` binary(16) NOT NULL,
  `request_digest` binary(32) NOT NULL,
  `body_digest` binary(32) NOT NULL,
  `status` bigint(20) NOT NULL,
  `answer` mediumtext NOT NULL,
  `expires_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`request_digest`),
  KEY `idempotency_expires` (`expires_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `loopback_message` (
  `account_id` binary(16) NOT NULL,
  `id` varchar(64) NOT NULL,
  `from_number` varchar(255) NOT NULL,
  `to_number` varchar(255) NOT NULL,
  `text` text NOT NULL,
  `message_id` binary(16) NOT NULL,
  `created_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`id`),
  UNIQUE KEY `loopback_message_message` (`account_id`,`message_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mail` (
  `account_id` binary(16) NOT NULL,
  `conversation_id` binary(16) NOT NULL,
  `seq` bigint(20) NOT NULL,
  `message_id` text DEFAULT NULL,
  `id_digest` binary(32) DEFAULT NULL,
  `chain` mediumtext DEFAULT NULL,
  `sender` varchar(254) NOT NULL,
  `recipients` mediumtext NOT NULL,
  `cc` mediumtext NOT NULL,
  `subject` text NOT NULL,
  `text` mediumtext DEFAULT NULL,
  `html` mediumtext DEFAULT NULL,
  `suppressed_reason` varchar(255) DEFAULT NULL,
  `delivery_status` varchar(16) DEFAULT NULL,
  `delivery_error_code` varchar(64) DEFAULT NULL,
  `sent_at` datetime(6) DEFAULT NULL,
  `delivered_at` datetime(6) DEFAULT NULL,
  `opened_at` datetime(6) DEFAULT NULL,
  `clicked_at` datetime(6) DEFAULT NULL,
  `clicked_link` text DEFAULT NULL,
  `ended_at` datetime(6) DEFAULT NULL,
  `created_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`conversation_id`,`seq`),
  UNIQUE KEY `mail_id` (`account_id`,`id_digest`,`conversation_id`),
  CONSTRAINT `mail_delivery` CHECK (`delivery_status` in ('queued','sent','delivered','opened','clicked','bounced','complaint','failed'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mail_inbound` (
  `account_id` binary(16) NOT NULL,
  `id` binary(16) NOT NULL,
  `digest` binary(32) NOT NULL,
  `recipient` varchar(254) DEFAULT NULL,
  `envelope_from` varchar(254) DEFAULT NULL,
  `size` bigint(20) NOT NULL,
  `created_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`id`),
  UNIQUE KEY `mail_inbound_once` (`account_id`,`digest`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mail_piece` (
  `account_id` binary(16) NOT NULL,
  `mail_id` binary(16) NOT NULL,
  `number` bigint(20) NOT NULL,
  `base64` mediumtext NOT NULL,
  PRIMARY KEY (`account_id`,`mail_id`,`number`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `mail_thread` (
  `account_id` binary(16) NOT NULL,
  `conversation_id` binary(16) NOT NULL,
  `agent_address` varchar(254) NOT NULL,
  `user_address` varchar(254) NOT NULL,
  `cc` mediumtext NOT NULL,
  PRIMARY KEY (`account_id`,`conversation_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `message` (
  `account_id` binary(16) NOT NULL,
  `conversation_id` binary(16) NOT NULL,
  `seq` bigint(20) NOT NULL,
  `id` binary(16) NOT NULL,
  `sender` varchar(8) NOT NULL,
  `status` varchar(16) DEFAULT NULL,
  `text` text NOT NULL,
  `segments` bigint(20) NOT NULL,
  `encoding` varchar(8) NOT NULL,
  `carrier_message_id` varchar(64) DEFAULT NULL,
  `error_code` varchar(64) DEFAULT NULL,
  `work_id` binary(16) DEFAULT NULL,
  `created_at` datetime(6) NOT NULL,
  `deleted_at` datetime(6) DEFAULT NULL,
  `leaving_at` datetime(6) DEFAULT NULL,
  `media` mediumtext DEFAULT NULL,
  `told_work_id` binary(16) DEFAULT NULL,
  PRIMARY KEY (`account_id`,`conversation_id`,`seq`),
  UNIQUE KEY `message_carrier` (`account_id`,`carrier_message_id`),
  CONSTRAINT `message_sender` CHECK (`sender` in ('USER','AGENT','HUMAN')),
  CONSTRAINT `message_encoding` CHECK (`encoding` in ('GSM-7','UCS-2')),
  CONSTRAINT `message_status` CHECK (`status` in ('pending','queued','sent','delivered','read','failed','undelivered'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `metadata_leaf` (
  `account_id` binary(16) NOT NULL,
  `digest` binary(8) NOT NULL,
  `created_at` datetime(6) NOT NULL,
  `conversation_id` binary(16) NOT NULL,
  PRIMARY KEY (`account_id`,`digest`,`created_at`,`conversation_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `model_setting` (
  `account_id` binary(16) NOT NULL,
  `url` varchar(2048) NOT NULL,
  `model` varchar(255) NOT NULL,
  `key_sealed` text DEFAULT NULL,
  `updated_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `number_config` (
  `account_id` binary(16) NOT NULL,
  `number` varchar(16) NOT NULL,
  `channel` varchar(16) NOT NULL,
  `webhook` varchar(2048) DEFAULT NULL,
  `request_data` mediumtext NOT NULL,
  `time_out` double DEFAULT NULL,
  `timeout_action` varchar(16) DEFAULT NULL,
  `timeout_message` text DEFAULT NULL,
  `warning_time` double DEFAULT NULL,
  `warning_message` text DEFAULT NULL,
  `messaging_service_sid` varchar(64) DEFAULT NULL,
  `objective` mediumtext DEFAULT NULL,
  `tools` mediumtext NOT NULL,
  `temperature` double NOT NULL,
  `pathway_id` varchar(64) DEFAULT NULL,
  `pathway_version` varchar(64) DEFAULT NULL,
  `start_node_id` varchar(255) DEFAULT NULL,
  `restart_after_end_call` tinyint(1) NOT NULL,
  `timezone` varchar(64) DEFAULT NULL,
  `summary_prompt` mediumtext DEFAULT NULL,
  `disposition_ids` mediumtext DEFAULT NULL,
  `citation_schema_ids` mediumtext DEFAULT NULL,
  `ignore_keywords` mediumtext DEFAULT NULL,
  `debounce` double NOT NULL,
  `debounce_max` double NOT NULL,
  `quiet_hours` char(11) DEFAULT NULL,
  `max_segments` bigint(20) DEFAULT NULL,
  `help_message` text DEFAULT NULL,
  `updated_at` datetime(6) NOT NULL,
  `human_mode` tinyint(1) NOT NULL DEFAULT 0,
  `sends_per_second` double DEFAULT NULL,
  `daily_messages` bigint(20) DEFAULT NULL,
  `loop_guard` bigint(20) DEFAULT NULL,
  PRIMARY KEY (`account_id`,`channel`,`number`),
  CONSTRAINT `number_config_channel` CHECK (`channel` in ('sms','whatsapp','imessage')),
  CONSTRAINT `number_config_timeout_action` CHECK (`timeout_action` in ('send_sms','end'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `number_count` (
  `account_id` binary(16) NOT NULL,
  `channel` varchar(16) NOT NULL,
  `number` varchar(16) NOT NULL,
  `slot` bigint(20) NOT NULL,
  `conversations` bigint(20) NOT NULL,
  PRIMARY KEY (`account_id`,`channel`,`number`,`slot`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `number_pace` (
  `account_id` binary(16) NOT NULL,
  `channel` varchar(16) NOT NULL,
  `number` varchar(16) NOT NULL,
  `next_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`channel`,`number`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `opt_out` (
  `account_id` binary(16) NOT NULL,
  `channel` varchar(16) NOT NULL,
  `agent_key` varchar(255) NOT NULL,
  `user_key` varchar(255) NOT NULL,
  `created_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`channel`,`agent_key`,`user_key`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `outcome` (
  `account_id` binary(16) NOT NULL,
  `id` varchar(64) NOT NULL,
  `name` varchar(255) NOT NULL,
  `document` longtext NOT NULL,
  `created_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `outcome_version` (
  `account_id` binary(16) NOT NULL,
  `outcome_id` varchar(64) NOT NULL,
  `version` bigint(20) NOT NULL,
  `document` longtext NOT NULL,
  `created_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`outcome_id`,`version`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `party_part` (
  `account_id` binary(16) NOT NULL,
  `side` varchar(8) NOT NULL,
  `part` varchar(8) NOT NULL,
  `party` varchar(255) NOT NULL,
  PRIMARY KEY (`account_id`,`side`,`part`,`party`),
  CONSTRAINT `party_part_side` CHECK (`side` in ('user','agent'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `pathway` (
  `account_id` binary(16) NOT NULL,
  `id` varchar(64) NOT NULL,
  `name` varchar(255) NOT NULL,
  `production_version` bigint(20) DEFAULT NULL,
  `staging_version` bigint(20) DEFAULT NULL,
  `created_at` datetime(6) NOT NULL,
  `description` text DEFAULT NULL,
  `folder_id` binary(16) DEFAULT NULL,
  `published_at` datetime(6) DEFAULT NULL,
  `updated_at` datetime(6) DEFAULT NULL,
  PRIMARY KEY (`account_id`,`id`),
  KEY `pathway_in_folder` (`account_id`,`folder_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `pathway_chat` (
  `account_id` binary(16) NOT NULL,
  `id` binary(16) NOT NULL,
  `pathway_id` varchar(64) NOT NULL,
  `version` bigint(20) NOT NULL,
  `work_id` binary(16) DEFAULT NULL,
  `completed` tinyint(1) NOT NULL,
  `state` text DEFAULT NULL,
  `node_name` text DEFAULT NULL,
  `variables` mediumtext DEFAULT NULL,
  `history` mediumtext NOT NULL,
  `created_at` datetime(6) NOT NULL,
  `updated_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`id`),
  KEY `pathway_chat_updated` (`account_id`,`updated_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `pathway_folder` (
  `account_id` binary(16) NOT NULL,
  `id` binary(16) NOT NULL,
  `parent_id` binary(16) DEFAULT NULL,
  `name` varchar(255) NOT NULL,
  `created_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`id`),
  KEY `pathway_folder_parent` (`account_id`,`parent_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `pathway_version` (
  `account_id` binary(16) NOT NULL,
  `pathway_id` varchar(64) NOT NULL,
  `number` bigint(20) NOT NULL,
  `name` varchar(255) DEFAULT NULL,
  `document` longtext NOT NULL,
  `created_at` datetime(6) NOT NULL,
  `id` binary(16) DEFAULT NULL,
  `revision_number` bigint(20) NOT NULL DEFAULT 1,
  `published_at` datetime(6) DEFAULT NULL,
  `archived_at` datetime(6) DEFAULT NULL,
  `updated_at` datetime(6) DEFAULT NULL,
  PRIMARY KEY (`account_id`,`pathway_id`,`number`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `phone_call` (
  `account_id` binary(16) NOT NULL,
  `id` binary(16) NOT NULL,
  `conversation_id` binary(16) NOT NULL,
  `attempt` bigint(20) NOT NULL,
  `retries` bigint(20) NOT NULL,
  `retry_delay` bigint(20) NOT NULL,
  `ring_most` bigint(20) NOT NULL,
  `talk_most` bigint(20) NOT NULL,
  `is_up` tinyint(4) DEFAULT NULL,
  `placed_at` datetime(6) DEFAULT NULL,
  `carrier_call_id` varchar(64) DEFAULT NULL,
  `created_at` datetime(6) NOT NULL,
  `updated_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`id`),
  UNIQUE KEY `phone_call_attempt` (`account_id`,`conversation_id`,`attempt`),
  UNIQUE KEY `phone_call_carrier` (`account_id`,`carrier_call_id`),
  KEY `phone_call_up` (`account_id`,`is_up`),
  CONSTRAINT `phone_call_is_up` CHECK (`is_up` = 1)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `phone_number` (
  `account_id` binary(16) NOT NULL,
  `number` varchar(16) NOT NULL,
  `carrier_id` binary(16) NOT NULL,
  `label` varchar(255) DEFAULT NULL,
  `created_at` datetime(6) NOT NULL,
  `inbound_agent_version_id` binary(16) DEFAULT NULL,
  `outbound_agent_version_id` binary(16) DEFAULT NULL,
  PRIMARY KEY (`account_id`,`number`),
  KEY `phone_number_carrier` (`account_id`,`carrier_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `receipt` (
  `account_id` binary(16) NOT NULL,
  `carrier_message_id` varchar(64) NOT NULL,
  `status` varchar(16) DEFAULT NULL,
  `error_code` varchar(64) DEFAULT NULL,
  `created_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`carrier_message_id`),
  KEY `receipt_created` (`created_at`),
  CONSTRAINT `receipt_status` CHECK (`status` in ('pending','queued','sent','delivered','read','failed','undelivered'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `schema_migration` (
  `version` bigint(20) NOT NULL,
  `name` varchar(100) NOT NULL,
  `digest` char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `applied_at` datetime(6) NOT NULL DEFAULT current_timestamp(6),
  PRIMARY KEY (`version`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `secret` (
  `account_id` binary(16) NOT NULL,
  `name` varchar(64) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
  `id` binary(16) NOT NULL,
  `sealed` text NOT NULL,
  `created_at` datetime(6) NOT NULL,
  `updated_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`name`),
  UNIQUE KEY `secret_id` (`account_id`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `suppression` (
  `account_id` binary(16) NOT NULL,
  `channel` varchar(16) NOT NULL,
  `address` varchar(254) NOT NULL,
  `reason` varchar(16) NOT NULL,
  `created_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`channel`,`address`),
  CONSTRAINT `suppression_reason` CHECK (`reason` in ('stop_keyword','bounce','complaint'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `tool` (
  `account_id` binary(16) NOT NULL,
  `id` varchar(64) NOT NULL,
  `name` varchar(255) NOT NULL,
  `document` longtext NOT NULL,
  `created_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`id`),
  KEY `tool_name` (`account_id`,`name`),
  KEY `tool_created` (`account_id`,`created_at`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `turn` (
  `account_id` binary(16) NOT NULL,
  `conversation_id` binary(16) NOT NULL,
  `id` binary(16) NOT NULL,
  `work_id` binary(16) NOT NULL,
  `event` varchar(16) NOT NULL,
  `outcome` varchar(16) NOT NULL,
  `reason` text DEFAULT NULL,
  `user_seq` bigint(20) NOT NULL,
  `trace` mediumtext NOT NULL,
  `started_at` datetime(6) NOT NULL,
  `ended_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`conversation_id`,`id`),
  CONSTRAINT `turn_outcome` CHECK (`outcome` in ('done','discarded','failed'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `webhook_secret` (
  `account_id` binary(16) NOT NULL,
  `id` binary(16) NOT NULL,
  `slot` bigint(20) NOT NULL,
  `sealed` text NOT NULL,
  `created_at` datetime(6) NOT NULL,
  `expires_at` datetime(6) DEFAULT NULL,
  PRIMARY KEY (`account_id`,`id`),
  UNIQUE KEY `webhook_secret_slot` (`account_id`,`slot`),
  CONSTRAINT `webhook_secret_slots` CHECK (`slot` in (0,1))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `work` (
  `id` binary(16) NOT NULL,
  `account_id` binary(16) NOT NULL,
  `subject_id` binary(16) NOT NULL,
  `kind` varchar(16) NOT NULL,
  `state` varchar(16) NOT NULL,
  `merge_key` varchar(64) DEFAULT NULL,
  `due` datetime(6) NOT NULL,
  `attempt` bigint(20) NOT NULL,
  `payload` mediumtext NOT NULL,
  `result` mediumtext DEFAULT NULL,
  `created_at` datetime(6) NOT NULL,
  `updated_at` datetime(6) NOT NULL,
  `worker` varchar(64) DEFAULT NULL,
  `reason` text DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `work_merge` (`merge_key`),
  KEY `work_subject` (`account_id`,`subject_id`),
  KEY `work_due` (`state`,`due`,`account_id`),
  CONSTRAINT `work_state` CHECK (`state` in ('waiting','running','done','dead')),
  CONSTRAINT `work_kind` CHECK (`kind` in ('turn','send','silence','close','deliver','dial','purge','analyse','chat','mail','receive'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `work_attempt` (
  `account_id` binary(16) NOT NULL,
  `work_id` binary(16) NOT NULL,
  `attempt` bigint(20) NOT NULL,
  `outcome` varchar(16) NOT NULL,
  `reason` text DEFAULT NULL,
  `finished_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`work_id`,`attempt`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `work_done` (
  `account_id` binary(16) NOT NULL,
  `id` binary(16) NOT NULL,
  `subject_id` binary(16) NOT NULL,
  `kind` varchar(16) NOT NULL,
  `due` datetime(6) NOT NULL,
  `attempt` bigint(20) NOT NULL,
  `payload` mediumtext NOT NULL,
  `result` mediumtext DEFAULT NULL,
  `created_at` datetime(6) NOT NULL,
  `updated_at` datetime(6) NOT NULL,
  PRIMARY KEY (`account_id`,`id`),
  KEY `work_done_subject` (`account_id`,`subject_id`),
  KEY `work_done_updated` (`updated_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
