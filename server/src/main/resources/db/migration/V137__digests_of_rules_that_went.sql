-- When a server last had the rule of a digest in its configuration: one that none has had for a while is forgotten with what it has
-- gathered.
ALTER TABLE caretaker.digest ADD COLUMN seen timestamptz NOT NULL DEFAULT clock_timestamp();
