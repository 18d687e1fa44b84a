-- Every partition, and every index of one, with the partitioned table at the top.
WITH RECURSIVE tree (oid, root) AS (
    SELECT i.inhrelid, i.inhparent
    FROM pg_catalog.pg_inherits i
    JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relispartition AND c.relkind IN ('r', 'p', 'f')
    JOIN pg_catalog.pg_class p ON p.oid = i.inhparent AND NOT p.relispartition
    UNION ALL
    SELECT i.inhrelid, t.root
    FROM tree t
    JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid
), members AS (
    SELECT t.oid, t.root FROM tree t
    UNION ALL
    SELECT i.indexrelid, t.root FROM tree t JOIN pg_catalog.pg_index i ON i.indrelid = t.oid
)
SELECT n.nspname AS schema, c.relname AS name, rn.nspname AS root_schema, r.relname AS root_name
FROM members m
JOIN pg_catalog.pg_class c ON c.oid = m.oid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class r ON r.oid = m.root
JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
