-- The index of a partition that belongs to the same index of the table as the one which identifies the rows of the newest other
-- partition for replication. Nothing if none does, or if the partition has a replica identity already.
-- Parameters: oids of the table, of the partition twice.
SELECT own.relname
  FROM (SELECT c.oid, c.relreplident
          FROM pg_catalog.pg_inherits i
          JOIN pg_catalog.pg_partitioned_table k ON k.partrelid = i.inhparent
          JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relkind = 'r'
         WHERE i.inhparent = CAST(? AS pg_catalog.int8)::pg_catalog.oid
           AND i.inhrelid <> CAST(? AS pg_catalog.int8)::pg_catalog.oid
           AND NOT i.inhdetachpending
         ORDER BY c.oid = k.partdefid, c.oid DESC
         LIMIT 1) model
  JOIN pg_catalog.pg_class new ON new.oid = CAST(? AS pg_catalog.int8)::pg_catalog.oid AND new.relreplident = 'd'
  JOIN pg_catalog.pg_index mx ON mx.indrelid = model.oid AND mx.indisreplident
  JOIN pg_catalog.pg_inherits mi ON mi.inhrelid = mx.indexrelid
  JOIN pg_catalog.pg_inherits oi ON oi.inhparent = mi.inhparent
  JOIN pg_catalog.pg_index ox ON ox.indexrelid = oi.inhrelid AND ox.indrelid = new.oid
  JOIN pg_catalog.pg_class own ON own.oid = ox.indexrelid
 WHERE model.relreplident = 'i'
