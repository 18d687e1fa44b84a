-- Partitions that lie in another schema than the table at the top, and their indexes, with that table's schema.
WITH RECURSIVE tree (oid, root_schema) AS (
    SELECT c.oid, n.nspname
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'p' AND NOT c.relispartition
  UNION ALL
    SELECT i.inhrelid, t.root_schema
      FROM tree t
      JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid
), stray AS (
    SELECT c.oid, c.relname, n.nspname, t.root_schema
      FROM tree t
      JOIN pg_catalog.pg_class c ON c.oid = t.oid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname <> t.root_schema
)
SELECT s.nspname AS schema, s.relname AS name, s.root_schema FROM stray s
UNION ALL
SELECT s.nspname, x.relname, s.root_schema
  FROM stray s
  JOIN pg_catalog.pg_index i ON i.indrelid = s.oid
  JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
