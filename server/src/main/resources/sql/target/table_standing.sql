-- A table as the catalog and the server's counters have it now. Measuring wants a lock: what somebody else holds or wants for
-- himself alone is told by its last size in the catalog.
-- Parameters: schema, table (exact names).
WITH locked AS MATERIALIZED (
    SELECT DISTINCT l.relation AS oid
      FROM pg_catalog.pg_locks l
     WHERE l.locktype = 'relation'
       AND l.mode = 'AccessExclusiveLock'
       AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
       AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
), wanted AS (
    SELECT c.oid, c.relkind, c.reltuples, c.reltoastrelid
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = CAST(? AS pg_catalog.text)
       AND c.relname = CAST(? AS pg_catalog.text)
       AND c.relkind IN ('r', 'm', 'p', 'f', 'v')
), parts AS (
    SELECT w.oid, 'heap' AS part FROM wanted w
    UNION ALL
    SELECT i.indexrelid, 'index' FROM wanted w JOIN pg_catalog.pg_index i ON i.indrelid = w.oid
    UNION ALL
    SELECT w.reltoastrelid, 'toast' FROM wanted w WHERE w.reltoastrelid <> 0
    UNION ALL
    SELECT i.indexrelid, 'toast' FROM wanted w JOIN pg_catalog.pg_index i ON i.indrelid = w.reltoastrelid
), sized AS (
    SELECT p.part,
           l.oid IS NOT NULL AS estimated,
           CASE WHEN c.relkind NOT IN ('r', 'm', 'i', 't') THEN 0
                WHEN l.oid IS NULL THEN pg_catalog.pg_relation_size(c.oid)
                ELSE c.relpages * pg_catalog.current_setting('block_size')::pg_catalog.int8 END AS bytes
      FROM parts p
      JOIN pg_catalog.pg_class c ON c.oid = p.oid
      LEFT JOIN locked l ON l.oid = p.oid
)
SELECT w.relkind                                                         AS kind,
       coalesce(s.heap, 0)::pg_catalog.int8                              AS heap_bytes,
       coalesce(s.index, 0)::pg_catalog.int8                             AS index_bytes,
       coalesce(s.toast, 0)::pg_catalog.int8                             AS toast_bytes,
       coalesce(s.estimated, false)                                      AS size_estimated,
       -- without counters, as after a crash, what it was last analyzed with
       CASE WHEN k.live = 0 AND k.dead = 0 AND k.inserted = 0 THEN greatest(w.reltuples, 0)::pg_catalog.int8
            ELSE k.live END                                              AS live,
       k.dead                                                            AS dead,
       pg_catalog.pg_stat_get_last_vacuum_time(w.oid)                    AS last_vacuum,
       pg_catalog.pg_stat_get_last_autovacuum_time(w.oid)                AS last_autovacuum,
       pg_catalog.pg_stat_get_last_analyze_time(w.oid)                   AS last_analyze,
       pg_catalog.pg_stat_get_last_autoanalyze_time(w.oid)               AS last_autoanalyze,
       (SELECT d.stats_reset FROM pg_catalog.pg_stat_database d
         WHERE d.datname = pg_catalog.current_database())                AS counted_since
  FROM wanted w
 CROSS JOIN LATERAL (
       SELECT pg_catalog.pg_stat_get_live_tuples(w.oid) AS live,
              pg_catalog.pg_stat_get_dead_tuples(w.oid) AS dead,
              pg_catalog.pg_stat_get_tuples_inserted(w.oid) AS inserted) k
 CROSS JOIN (
       SELECT sum(z.bytes) FILTER (WHERE z.part = 'heap') AS heap,
              sum(z.bytes) FILTER (WHERE z.part = 'index') AS index,
              sum(z.bytes) FILTER (WHERE z.part = 'toast') AS toast,
              bool_or(z.estimated) AS estimated
         FROM sized z) s
