-- Backups without which a run does not begin, JSON; NULL: it needs none.
ALTER TABLE caretaker.run ADD COLUMN needed_backups jsonb;
