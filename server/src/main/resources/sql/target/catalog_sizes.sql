-- Bytes of relations without waiting: measuring takes a lock, so what somebody has or wants for himself alone is not
-- measured, and relpages does.
WITH busy AS MATERIALIZED (
    SELECT DISTINCT relation
      FROM pg_locks
     WHERE locktype = 'relation'
       AND mode = 'AccessExclusiveLock'
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND pid <> pg_backend_pid()
), wanted AS (
    SELECT c.oid,
           c.relpages,
           NOT EXISTS (SELECT FROM busy
                        WHERE busy.relation = c.oid
                           OR busy.relation = c.reltoastrelid
                           OR busy.relation IN (SELECT indexrelid FROM pg_index WHERE indrelid IN (c.oid, c.reltoastrelid)))
               AS free
      FROM unnest(?::oid[]) AS given (oid)
      JOIN pg_class c ON c.oid = given.oid
)
SELECT oid,
       free,
       CASE WHEN free THEN pg_relation_size(oid) END  AS heap,
       CASE WHEN free THEN pg_table_size(oid) END     AS "table",
       CASE WHEN free THEN pg_indexes_size(oid) END   AS indexes
  FROM wanted
