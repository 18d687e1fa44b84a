UPDATE caretaker.archive a
SET state = CASE WHEN p.parts = 0 THEN 'EMPTY' ELSE 'SEALED' END,
    opener = ?, sealed = ?, rows_in_doubt = ?,
    row_count = p.row_count, bytes = p.bytes, raw_bytes = p.raw_bytes, row_hash = p.row_hash,
    first_time = p.first_time, last_time = p.last_time
FROM (SELECT count(*) AS parts,
             COALESCE(sum(row_count), 0) AS row_count,
             COALESCE(sum(bytes), 0) AS bytes,
             COALESCE(sum(raw_bytes), 0) AS raw_bytes,
             COALESCE(sum(row_hash), 0) AS row_hash,
             min(first_time) AS first_time,
             max(last_time) AS last_time
      FROM caretaker.archive_part
      WHERE archive_id = ?) p
WHERE a.archive_id = ? AND a.state = 'OPEN'
