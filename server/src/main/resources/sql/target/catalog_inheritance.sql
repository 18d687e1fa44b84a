-- Tables that inherit in the old style, at any depth.
WITH RECURSIVE child (oid) AS (
    SELECT i.inhrelid
      FROM pg_inherits i
      JOIN pg_class c ON c.oid = i.inhrelid AND c.relkind IN ('r', 'f') AND NOT c.relispartition
     WHERE i.inhparent = ANY (?::oid[])
  UNION
    SELECT i.inhrelid
      FROM child
      JOIN pg_inherits i ON i.inhparent = child.oid
)
SELECT n.nspname, c.relname
  FROM child
  JOIN pg_class c ON c.oid = child.oid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 ORDER BY n.nspname, c.relname
