-- The index of a partition that belongs to the same index of the table as the one which identifies the rows of another, the newest
-- partition, for replication. Nothing if none does, or if the partition has its replica identity already.
-- Parameters: oids of the table and of the partition.
SELECT own.relname
  FROM pg_catalog.pg_class new
  JOIN pg_catalog.pg_inherits i ON i.inhparent = CAST(? AS pg_catalog.int8)::pg_catalog.oid AND i.inhrelid <> new.oid
  JOIN pg_catalog.pg_class model ON model.oid = i.inhrelid AND model.relreplident = 'i'
  JOIN pg_catalog.pg_index mx ON mx.indrelid = model.oid AND mx.indisreplident
  JOIN pg_catalog.pg_inherits mi ON mi.inhrelid = mx.indexrelid
  JOIN pg_catalog.pg_inherits oi ON oi.inhparent = mi.inhparent
  JOIN pg_catalog.pg_index ox ON ox.indexrelid = oi.inhrelid AND ox.indrelid = new.oid
  JOIN pg_catalog.pg_class own ON own.oid = ox.indexrelid
 WHERE new.oid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
   AND new.relreplident = 'd'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits later
                    JOIN pg_catalog.pg_class c ON c.oid = later.inhrelid AND c.relkind = 'r'
                   WHERE later.inhparent = i.inhparent AND later.inhrelid > model.oid AND later.inhrelid <> new.oid)
 LIMIT 1
