-- Partitioned tables with all their partitions, one row each, in one pass over the catalog.
-- Nothing here waits for a lock: sizes of relations that somebody holds or wants exclusively are left NULL, and bounds are
-- deparsed without their relation (with it, pg_get_expr opens the relation since PostgreSQL 17).
-- Parameters: schema or '', table or '' (exact names).
WITH RECURSIVE locked AS MATERIALIZED (
    SELECT DISTINCT l.relation AS oid
      FROM pg_catalog.pg_locks l
     WHERE l.locktype = 'relation'
       AND l.mode = 'AccessExclusiveLock'
       AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
       AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
), tree AS (
    SELECT c.oid AS root, c.oid, CAST(NULL AS pg_catalog.oid) AS parent, 0 AS level, false AS detaching
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace,
           (SELECT CAST(? AS pg_catalog.text) AS schema_name, CAST(? AS pg_catalog.text) AS table_name) wanted
     WHERE c.relkind = 'p'
       AND c.relpersistence <> 't'
       AND (wanted.schema_name = '' OR n.nspname = wanted.schema_name)
       AND CASE wanted.table_name WHEN '' THEN NOT c.relispartition ELSE c.relname = wanted.table_name END
    UNION ALL
    SELECT t.root, i.inhrelid, i.inhparent, t.level + 1, i.inhdetachpending
      FROM tree t
      JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid
), parent_indexes AS MATERIALIZED (
    SELECT x.indrelid AS parent, x.indexrelid, c.relname
      FROM pg_catalog.pg_index x
      JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
     WHERE c.relkind = 'I'
       AND x.indrelid IN (SELECT t.oid FROM tree t)
), attached_indexes AS MATERIALIZED (
    SELECT i.inhparent AS parent_index, x.indrelid AS partition
      FROM pg_catalog.pg_inherits i
      JOIN pg_catalog.pg_index x ON x.indexrelid = i.inhrelid AND x.indisvalid
     WHERE i.inhparent IN (SELECT p.indexrelid FROM parent_indexes p)
), missing_indexes AS MATERIALIZED (
    SELECT t.oid, pg_catalog.array_agg(p.relname ORDER BY p.relname) AS names
      FROM tree t
      JOIN pg_catalog.pg_class c ON c.oid = t.oid AND c.relkind <> 'f'
      JOIN parent_indexes p ON p.parent = t.parent
      LEFT JOIN attached_indexes a ON a.parent_index = p.indexrelid AND a.partition = t.oid
     WHERE a.partition IS NULL
     GROUP BY t.oid
), own_constraints AS MATERIALIZED (
    SELECT k.conrelid AS oid, pg_catalog.array_agg(k.conname ORDER BY k.conname) AS names
      FROM pg_catalog.pg_constraint k
     WHERE k.conrelid IN (SELECT t.oid FROM tree t WHERE t.level > 0)
       AND k.contype IN ('c', 'f', 'p', 'u', 'x')
       AND k.coninhcount = 0
       AND k.conparentid = 0
     GROUP BY k.conrelid
), own_indexes AS MATERIALIZED (
    SELECT x.indrelid AS oid, pg_catalog.array_agg(c.relname ORDER BY c.relname) AS names
      FROM tree t
      JOIN pg_catalog.pg_index x ON x.indrelid = t.oid
      JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid AND NOT c.relispartition
     WHERE t.level > 0
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype <> 'f')
     GROUP BY x.indrelid
), index_sizes AS MATERIALIZED (
    -- indexes of partitioned tables have no storage and count as 0
    SELECT x.indrelid AS oid,
           pg_catalog.sum(CASE WHEN l.oid IS NULL THEN pg_catalog.pg_relation_size(x.indexrelid)
                               ELSE (SELECT c.relpages FROM pg_catalog.pg_class c WHERE c.oid = x.indexrelid)
                                    * pg_catalog.current_setting('block_size')::pg_catalog.int8 END) AS bytes,
           pg_catalog.bool_or(l.oid IS NOT NULL) AS estimated
      FROM tree t
      JOIN pg_catalog.pg_index x ON x.indrelid = t.oid
      LEFT JOIN locked l ON l.oid = x.indexrelid
     GROUP BY x.indrelid
)
SELECT t.root,
       t.oid,
       t.parent,
       t.level,
       t.detaching,
       n.nspname                                             AS schema_name,
       c.relname                                             AS table_name,
       c.relkind = 'p'                                       AS is_partitioned,
       c.relkind = 'f'                                       AS is_foreign,
       k.partstrat                                           AS strategy,
       (SELECT pg_catalog.array_agg(coalesce(a.attname, e.text, '(expression)') ORDER BY u.place)
          FROM pg_catalog.unnest(k.partattrs) WITH ORDINALITY u (attnum, place)
          LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.attnum AND u.attnum <> 0)
                                                             AS key_columns,
       -- the catalog keeps no type of an expression; what its operator class takes in is that, or holds it. Of a domain
       -- the type that it was made of tells how bounds read.
       (WITH RECURSIVE made_of AS (
            SELECT t.oid, t.typbasetype
              FROM pg_catalog.pg_opclass o
              LEFT JOIN pg_catalog.pg_attribute a
                     ON a.attrelid = c.oid AND a.attnum = k.partattrs[0] AND a.attnum <> 0
              JOIN pg_catalog.pg_type t ON t.oid = coalesce(a.atttypid, o.opcintype)
             WHERE o.oid = k.partclass[0] AND k.partnatts = 1
            UNION ALL
            SELECT t.oid, t.typbasetype
              FROM made_of m
              JOIN pg_catalog.pg_type t ON t.oid = m.typbasetype)
        SELECT pg_catalog.format_type(m.oid, -1)
          FROM made_of m
         WHERE m.typbasetype = 0)                            AS key_type,
       pg_catalog.pg_get_expr(c.relpartbound, 0)             AS bound,
       l.oid IS NOT NULL                                     AS locked,
       CASE WHEN c.relkind <> 'r' THEN 0
            WHEN l.oid IS NULL THEN pg_catalog.pg_relation_size(c.oid, 'main')
            ELSE c.relpages * pg_catalog.current_setting('block_size')::pg_catalog.int8 END
                                                             AS heap_bytes,
       CASE WHEN c.reltoastrelid = 0 THEN 0
            WHEN l.oid IS NOT NULL OR lt.oid IS NOT NULL
            THEN (SELECT tc.relpages FROM pg_catalog.pg_class tc WHERE tc.oid = c.reltoastrelid)
                 * pg_catalog.current_setting('block_size')::pg_catalog.int8
            -- an empty TOAST table is common: opening its index too would double the cost of the listing
            WHEN pg_catalog.pg_relation_size(c.reltoastrelid) = 0 THEN 0
            ELSE pg_catalog.pg_total_relation_size(c.reltoastrelid) END
                                                             AS toast_bytes,
       coalesce(s.bytes, 0)                                  AS index_bytes,
       l.oid IS NOT NULL OR lt.oid IS NOT NULL OR coalesce(s.estimated, false)
                                                             AS size_estimated,
       c.reltuples                                           AS reltuples,
       pg_catalog.pg_stat_get_live_tuples(c.oid)             AS live_tuples,
       pg_catalog.pg_stat_get_dead_tuples(c.oid)             AS dead_tuples,
       pg_catalog.pg_stat_get_tuples_inserted(c.oid)         AS inserted,
       greatest(pg_catalog.pg_stat_get_last_vacuum_time(c.oid), pg_catalog.pg_stat_get_last_autovacuum_time(c.oid))
                                                             AS last_vacuum,
       greatest(pg_catalog.pg_stat_get_last_analyze_time(c.oid), pg_catalog.pg_stat_get_last_autoanalyze_time(c.oid))
                                                             AS last_analyze,
       m.names                                               AS missing_indexes,
       oi.names                                              AS own_indexes,
       o.names                                               AS own_constraints
  FROM tree t
  JOIN pg_catalog.pg_class c ON c.oid = t.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_partitioned_table k ON k.partrelid = c.oid
  LEFT JOIN locked l ON l.oid = c.oid
  LEFT JOIN LATERAL (
      SELECT pg_catalog.pg_get_expr(k.partexprs, c.oid) AS text
       WHERE l.oid IS NULL
         AND (SELECT count(*) FROM pg_catalog.unnest(k.partattrs) u (attnum) WHERE u.attnum = 0) = 1) e ON true
  LEFT JOIN locked lt ON lt.oid = c.reltoastrelid
  LEFT JOIN index_sizes s ON s.oid = c.oid
  LEFT JOIN missing_indexes m ON m.oid = c.oid
  LEFT JOIN own_indexes oi ON oi.oid = c.oid
  LEFT JOIN own_constraints o ON o.oid = c.oid
 ORDER BY t.root, t.level, t.oid
