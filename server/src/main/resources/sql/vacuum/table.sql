-- A table by oid: its name, file and figures now. The heap's bytes are its own alone, the table's include TOAST. Measuring
-- wants a lock: where somebody else holds or awaits the table exclusively, the catalog's own figures must do.
SELECT n.nspname                                   AS schema,
       c.relname                                   AS name,
       c.relfilenode                               AS file,
       p.block                                     AS block_bytes,
       CASE WHEN l.locked THEN b.heap_bytes ELSE pg_catalog.pg_relation_size(c.oid) END       AS heap_bytes,
       CASE WHEN l.locked THEN b.bytes ELSE pg_catalog.pg_table_size(c.oid) END               AS bytes,
       CASE WHEN l.locked THEN b.total_bytes ELSE pg_catalog.pg_total_relation_size(c.oid) END AS total_bytes,
       pg_catalog.pg_stat_get_live_tuples(c.oid)   AS live,
       pg_catalog.pg_stat_get_dead_tuples(c.oid)   AS dead
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 CROSS JOIN (SELECT pg_catalog.current_setting('block_size')::bigint AS block) p
 CROSS JOIN LATERAL (
       SELECT EXISTS (
              SELECT FROM pg_catalog.pg_locks l
               WHERE l.locktype = 'relation'
                 AND l.relation = c.oid
                 AND l.mode = 'AccessExclusiveLock'
                 AND l.database = (SELECT oid FROM pg_catalog.pg_database
                                    WHERE datname = pg_catalog.current_database())
                 AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()) AS locked) l
 CROSS JOIN LATERAL (
       SELECT c.relpages * p.block AS heap_bytes,
              (c.relpages + coalesce((SELECT t.relpages FROM pg_catalog.pg_class t WHERE t.oid = c.reltoastrelid), 0))
                  * p.block AS bytes,
              (c.relpages + coalesce((SELECT t.relpages FROM pg_catalog.pg_class t WHERE t.oid = c.reltoastrelid), 0)
                  + coalesce((SELECT pg_catalog.sum(x.relpages)
                                FROM pg_catalog.pg_index i
                                JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
                               WHERE i.indrelid = c.oid), 0)) * p.block AS total_bytes) b
 WHERE c.oid = CAST(? AS pg_catalog.oid)
