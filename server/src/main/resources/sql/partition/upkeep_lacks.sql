-- Indexes and foreign keys of a table that a partition of it lacks, or has but invalid. One that is being detached, or that is
-- on another server, need not have them.
-- Parameters: oid of the table, twice.
SELECT 'indexes' AS kind, pc.relname AS name, n.nspname AS schema_name, c.relname AS table_name
  FROM pg_catalog.pg_index p
  JOIN pg_catalog.pg_class pc ON pc.oid = p.indexrelid
  JOIN pg_catalog.pg_inherits i ON i.inhparent = p.indrelid AND NOT i.inhdetachpending
  JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relkind <> 'f'
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE p.indrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits a
                     JOIN pg_catalog.pg_index x ON x.indexrelid = a.inhrelid AND x.indisvalid
                    WHERE a.inhparent = p.indexrelid AND x.indrelid = c.oid)
UNION ALL
SELECT 'constraints', k.conname, n.nspname, c.relname
  FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_inherits i ON i.inhparent = k.conrelid AND NOT i.inhdetachpending
  JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relkind <> 'f'
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE k.conrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
   AND k.contype = 'f'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint own
                    WHERE own.conrelid = c.oid AND own.conparentid = k.oid AND own.convalidated)
 ORDER BY 1, 2, 3, 4
