-- What keeps REPACK (CONCURRENTLY) from a table, one sentence a row; it follows the table's changes through logical decoding.
SELECT 'it has no identity: neither a primary key nor a replica identity index' AS obstacle
  FROM pg_catalog.pg_class c
 WHERE c.oid = CAST(? AS pg_catalog.oid)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i
                    WHERE i.indrelid = c.oid
                      AND i.indisvalid
                      AND (i.indisreplident OR c.relreplident = 'd' AND i.indisprimary))
 UNION ALL
SELECT 'it is unlogged' FROM pg_catalog.pg_class c WHERE c.oid = CAST(? AS pg_catalog.oid) AND c.relpersistence = 'u'
 UNION ALL
SELECT 'it is partitioned: name its partitions'
  FROM pg_catalog.pg_class c WHERE c.oid = CAST(? AS pg_catalog.oid) AND c.relkind = 'p'
 UNION ALL
SELECT 'no replication slot is free (max_replication_slots)'
 WHERE (SELECT pg_catalog.count(*) FROM pg_catalog.pg_replication_slots)
       >= pg_catalog.current_setting('max_replication_slots')::int
