-- Rows that this transaction deleted or updated in the given tables and their partitions. The counters are those of our
-- own session, so only their difference within the transaction means something.
WITH child AS (
    SELECT r.oid
      FROM ROWS FROM (pg_catalog.unnest(CAST(? AS pg_catalog.text[])),
                      pg_catalog.unnest(CAST(? AS pg_catalog.text[]))) AS named (schema, name)
      JOIN pg_catalog.pg_namespace n ON n.nspname OPERATOR(pg_catalog.=) named.schema
      JOIN pg_catalog.pg_class r ON r.relnamespace OPERATOR(pg_catalog.=) n.oid
                                AND r.relname OPERATOR(pg_catalog.=) named.name
), counted AS (
    SELECT oid FROM child
    UNION
    SELECT p.relid FROM child CROSS JOIN LATERAL pg_catalog.pg_partition_tree(child.oid) p
), changed AS (
    SELECT oid,
           pg_catalog.pg_stat_get_xact_tuples_deleted(oid)
               OPERATOR(pg_catalog.+) pg_catalog.pg_stat_get_xact_tuples_updated(oid) AS rows
      FROM counted
)
SELECT CAST(changed.oid AS bigint) AS oid, n.nspname AS schema, c.relname AS name, changed.rows
  FROM changed
  JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) changed.oid
  JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
 WHERE changed.rows OPERATOR(pg_catalog.>) 0
