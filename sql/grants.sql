-- Three users with the least rights that each needs.  One user with all
-- rights on the database does as well, where no others can be made.
--
--   parley_api     what parley-api does: no DDL, nothing on accounts
--   parley_worker  the same, but it cannot make or revoke keys
--   parley_admin   all: `parley migrate`, and the commands that make
--                  accounts, keys, carriers and numbers
--
-- Rights on a table can only be granted when it is there, so as the server's
-- administrator:
--
--   mariadb -e 'CREATE DATABASE IF NOT EXISTS parley CHARACTER SET utf8mb4'
--   PARLEY_DATABASE_USER=root PARLEY_DATABASE_SOCKET=... parley migrate
--   mariadb < sql/grants.sql
--
-- and the last two again after an upgrade.  Before that, replace the three
-- words *_PASSWORD by quoted passwords; until then they are an error of
-- syntax.  For instance:
--
--   sed -e "s/API_PASSWORD/'...'/" -e "s/WORKER_PASSWORD/'...'/" \
--       -e "s/ADMIN_PASSWORD/'...'/" sql/grants.sql | mariadb
--
-- A user that exists keeps its password.  If the programs run on another
-- host than the server, replace localhost by that host; if the database is
-- not called parley, replace that before each point.

CREATE USER IF NOT EXISTS 'parley_api'@'localhost'
  IDENTIFIED BY API_PASSWORD;
CREATE USER IF NOT EXISTS 'parley_worker'@'localhost'
  IDENTIFIED BY WORKER_PASSWORD;
CREATE USER IF NOT EXISTS 'parley_admin'@'localhost'
  IDENTIFIED BY ADMIN_PASSWORD;

GRANT ALL ON parley.* TO 'parley_admin'@'localhost';

-- What `parley doctor` checks is this list (src/store/doctor.c); they change
-- together.  Both users have the same, but for api_key.
GRANT SELECT ON parley.schema_migration TO 'parley_api'@'localhost';
GRANT SELECT ON parley.account TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE ON parley.api_key TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, DELETE ON parley.carrier TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.phone_number
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, DELETE ON parley.number_config
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.number_count
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.pathway
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.pathway_version
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.pathway_folder
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.pathway_chat
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.agent
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.agent_version
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.tool
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.secret
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.outcome
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, DELETE ON parley.outcome_version
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.citation_schema
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, DELETE ON parley.disposition_log
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.conversation
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, DELETE ON parley.party_part
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, DELETE ON parley.metadata_leaf
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.message
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.phone_call
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.work TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, DELETE ON parley.work_done TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, DELETE ON parley.work_attempt TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.delivery
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, DELETE ON parley.delivery_attempt
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.webhook_secret
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT ON parley.loopback_message TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.receipt
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.opt_out
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.email_address
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.mail_thread
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.mail TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.suppression
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.mail_inbound
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.mail_piece
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.hook_token
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, DELETE ON parley.turn TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.number_pace
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.model_setting
  TO 'parley_api'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.idempotency
  TO 'parley_api'@'localhost';

GRANT SELECT ON parley.schema_migration TO 'parley_worker'@'localhost';
GRANT SELECT ON parley.account TO 'parley_worker'@'localhost';
GRANT SELECT ON parley.api_key TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, DELETE ON parley.carrier TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.phone_number
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, DELETE ON parley.number_config
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.number_count
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.pathway
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.pathway_version
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.pathway_folder
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.pathway_chat
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.agent
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.agent_version
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.tool
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.secret
  TO 'parley_worker'@'localhost';
GRANT SELECT ON parley.outcome TO 'parley_worker'@'localhost';
GRANT SELECT ON parley.outcome_version TO 'parley_worker'@'localhost';
GRANT SELECT ON parley.citation_schema TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, DELETE ON parley.disposition_log
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.conversation
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, DELETE ON parley.party_part
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, DELETE ON parley.metadata_leaf
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.message
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.phone_call
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.work
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, DELETE ON parley.work_done
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, DELETE ON parley.work_attempt
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.delivery
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, DELETE ON parley.delivery_attempt
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.webhook_secret
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT ON parley.loopback_message TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.receipt
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.opt_out
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.email_address
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.mail_thread
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.mail
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.suppression
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.mail_inbound
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.mail_piece
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.hook_token
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, DELETE ON parley.turn TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.number_pace
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.model_setting
  TO 'parley_worker'@'localhost';
GRANT SELECT, INSERT, UPDATE, DELETE ON parley.idempotency
  TO 'parley_worker'@'localhost';
