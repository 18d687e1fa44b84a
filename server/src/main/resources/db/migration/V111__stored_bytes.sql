-- Bytes of a part's object; NULL: as many as the part has in the spool. A part may be stored in another form.
ALTER TABLE caretaker.archive_part ADD COLUMN stored_bytes bigint;
