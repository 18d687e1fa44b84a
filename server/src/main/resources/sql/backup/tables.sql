-- Tables and partitioned tables that belong to no extension, those above before those below.
WITH RECURSIVE tree (oid, depth) AS (
    SELECT c.oid, 0
      FROM pg_catalog.pg_class c
     WHERE c.relkind IN ('r', 'p') AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid)
  UNION ALL
    SELECT i.inhrelid, tree.depth + 1
      FROM tree
      JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid
)
SELECT c.oid, n.nspname, c.relname, c.relkind, c.relpersistence,
       pn.nspname AS parent_schema, p.relname AS parent_name,
       pg_catalog.pg_table_size(c.oid) AS bytes,
       CASE WHEN c.relkind = 'r' AND am.amname = 'heap'
            THEN pg_catalog.pg_relation_size(c.oid) / CAST(pg_catalog.current_setting('block_size') AS bigint)
            ELSE 0 END AS blocks,
       -- Who may bypass row security may read all; COPY would fail for anybody else, but too late to be told by name.
       -- NULL: dropped since the snapshot was taken, which is told when the table is to be locked.
       COALESCE(pg_catalog.has_table_privilege(c.oid, 'SELECT'), true) AS readable,
       c.relrowsecurity AND pg_catalog.row_security_active(c.oid) AS filtered
  FROM (SELECT oid, pg_catalog.max(depth) AS depth FROM tree GROUP BY oid) t
  JOIN pg_catalog.pg_class c ON c.oid = t.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
  LEFT JOIN LATERAL (SELECT i.inhparent FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid
                      ORDER BY i.inhseqno LIMIT 1) above ON true
  LEFT JOIN pg_catalog.pg_class p ON p.oid = above.inhparent
  LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't' AND c.relkind IN ('r', 'p')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY t.depth, n.nspname, c.relname
