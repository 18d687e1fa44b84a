-- Oids of a relation and of all partitions below it, parents first. pg_partition_tree would leave out those whose
-- concurrent detach is pending, and would take locks.
WITH RECURSIVE tree (oid, level) AS (
    SELECT ?::oid, 0
  UNION ALL
    SELECT c.oid, tree.level + 1
      FROM tree
      JOIN pg_inherits i ON i.inhparent = tree.oid
      JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition
)
SELECT c.oid
  FROM tree
  JOIN pg_class c ON c.oid = tree.oid
 ORDER BY tree.level, c.relname, c.oid
