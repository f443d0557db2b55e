-- Where an agent stands between its turns, beside its node: a JSON object of
-- the engine's own, and the version of the pathway that it began with.

ALTER TABLE conversation
  ADD COLUMN turn_state MEDIUMTEXT NULL;
