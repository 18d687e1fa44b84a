-- The archive that holds all rows of a retired partition, as they were when it was made; NULL: there is none.

ALTER TABLE caretaker.retired_partition ADD COLUMN archive_id uuid;
