-- In one statement, so that the copy on which it relies is not deleted at the same time.
WITH copy AS (
    SELECT copy.archive_id
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
    LIMIT 1
    FOR SHARE OF copy
)
UPDATE caretaker.archive
SET state = 'DELETED', deleted = ?, deleted_by = ?, fault = '', problem = ''
WHERE archive_id = ? AND state = 'STORED' AND (CAST(? AS boolean) OR EXISTS (SELECT FROM copy))
