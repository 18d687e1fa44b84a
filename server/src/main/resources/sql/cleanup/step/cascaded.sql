-- Rows that this transaction deleted or updated in the given tables and their partitions. The counters are those of our
-- own session, so only their difference within the transaction means something.
WITH child AS (
    SELECT r.oid
      FROM ROWS FROM (unnest(CAST(? AS text[])), unnest(CAST(? AS text[]))) AS named (schema, name)
      JOIN pg_catalog.pg_namespace n ON n.nspname = named.schema
      JOIN pg_catalog.pg_class r ON r.relnamespace = n.oid AND r.relname = named.name
), counted AS (
    SELECT oid FROM child
    UNION
    SELECT p.relid FROM child CROSS JOIN LATERAL pg_catalog.pg_partition_tree(child.oid) p
), changed AS (
    SELECT oid,
           pg_catalog.pg_stat_get_xact_tuples_deleted(oid) + pg_catalog.pg_stat_get_xact_tuples_updated(oid) AS rows
      FROM counted
)
SELECT n.nspname AS schema, c.relname AS name, changed.rows
  FROM changed
  JOIN pg_catalog.pg_class c ON c.oid = changed.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE changed.rows > 0
