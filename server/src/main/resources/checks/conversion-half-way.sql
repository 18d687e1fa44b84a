-- id: conversion-half-way
-- title: Conversion that was left half-way
-- category: partitions
-- severity: warning
-- confidence: certain
-- impact: bytes
-- reads: primary
-- quotes: yes
-- meaning: The conversion of a plain table, or the way back, ended before the table was partitioned, or again what it was: the
--   run failed, was cancelled or ran out of time. The table takes all rows, but what was made for it is still there: unique
--   indexes that every write keeps up to date, and an empty partitioned table. Another conversion of the table cannot be
--   planned as long as they are. The impact is the size of these indexes.
-- remedy: "caretaker convert start ID" goes on with it; "caretaker convert revert ID" takes away what was made, and nothing else.
--   The message has the id, and "caretaker convert list" tells why it ended.
WITH half AS (
    SELECT h.conversion, h.schema, h."table", h.reason, n.oid AS namespace, h.prepared, h.indexes
    FROM jsonb_to_recordset(CAST(:conversions AS jsonb))
         AS h (conversion text, schema text, "table" text, reason text, prepared text, indexes jsonb)
    JOIN pg_namespace n ON n.nspname = h.schema
), made AS (
    SELECT h.conversion, c.relname::text AS name, 0::bigint AS bytes
    FROM half h
    JOIN pg_class c ON c.relnamespace = h.namespace AND c.relname = h.prepared AND c.relkind = 'p'
    UNION ALL
    SELECT h.conversion, i.relname::text,
           CASE WHEN i.oid = ANY (:locked) THEN i.relpages * current_setting('block_size')::bigint
                ELSE coalesce(pg_relation_size(i.oid), 0) END
    FROM half h
    JOIN pg_class t ON t.relnamespace = h.namespace AND t.relname = h."table" AND t.relkind = 'r'
    JOIN pg_index x ON x.indrelid = t.oid
    JOIN pg_class i ON i.oid = x.indexrelid
    WHERE h.indexes ? i.relname::text
)
SELECT 'table' AS object_kind,
       h.schema AS schema_name,
       h."table" AS object_name,
       sum(m.bytes) AS impact,
       format('Conversion %s of table %I.%I was left half-way: %s', h.conversion, h.schema, h."table", h.reason) AS message,
       jsonb_build_object('conversion', h.conversion, 'made', jsonb_agg(m.name ORDER BY m.name), 'reason', h.reason) AS evidence
FROM half h
JOIN made m ON m.conversion = h.conversion
GROUP BY h.conversion, h.schema, h."table", h.reason
