-- The partitions of tables, those of the last level apart only by their kind. Waits for no lock: the size of one that somebody
-- holds or wants exclusively is that of the latest VACUUM or ANALYZE.
-- Parameter: oids of the tables.
WITH locked AS MATERIALIZED (
    SELECT DISTINCT l.relation AS oid
      FROM pg_catalog.pg_locks l
     WHERE l.locktype = 'relation'
       AND l.mode = 'AccessExclusiveLock'
       AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
       AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
)
SELECT i.inhparent::pg_catalog.int8                     AS parent,
       c.oid::pg_catalog.int8                           AS oid,
       n.nspname                                        AS schema_name,
       c.relname                                        AS table_name,
       c.relkind                                        AS kind,
       i.inhdetachpending                               AS detaching,
       pg_catalog.pg_get_expr(c.relpartbound, 0)        AS bound,
       CASE WHEN c.relkind <> 'r' THEN 0
            -- of the others only whether there is anything, and how much about, matters
            WHEN c.oid = k.partdefid AND l.oid IS NULL THEN pg_catalog.pg_relation_size(c.oid)
            ELSE c.relpages * pg_catalog.current_setting('block_size')::pg_catalog.int8 END AS bytes,
       c.reltuples                                      AS tuples,
       pg_catalog.pg_stat_get_tuples_inserted(c.oid)    AS inserted
  FROM pg_catalog.pg_inherits i
  JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_partitioned_table k ON k.partrelid = i.inhparent
  LEFT JOIN locked l ON l.oid = c.oid
 WHERE i.inhparent = ANY (CAST(? AS pg_catalog.int8[])::pg_catalog.oid[])
 ORDER BY i.inhparent, c.oid
