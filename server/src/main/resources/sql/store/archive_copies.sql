-- Newer archives, verified since, that hold the same rows.
SELECT copy.*
FROM caretaker.archive one
JOIN caretaker.archive copy ON copy.target = one.target
                           AND copy.schema_name = one.schema_name
                           AND copy.table_name = one.table_name
                           AND copy.row_count = one.row_count
                           AND copy.row_hash = one.row_hash
                           AND copy.created > one.created
                           AND copy.state = 'STORED'
                           AND copy.fault = ''
                           AND copy.verified_level IN ('READ_BACK', 'RESTORED')
WHERE one.archive_id = ?
