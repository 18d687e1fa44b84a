-- How a table is put below its parents. One whose detach is pending is still one of theirs, with all that it has from them.
SELECT CASE WHEN c.relispartition THEN 'partition' ELSE 'child' END AS kind,
       n.nspname AS schema, c.relname AS name, n.nspname AS table_schema, c.relname AS table_name,
       CASE WHEN c.relispartition
            THEN pg_catalog.format('ALTER TABLE ONLY %I.%I ATTACH PARTITION %I.%I %s', pn.nspname, p.relname, n.nspname,
                                   c.relname, pg_catalog.pg_get_expr(c.relpartbound, c.oid))
            ELSE pg_catalog.format('ALTER TABLE %I.%I INHERIT %I.%I', n.nspname, c.relname, pn.nspname, p.relname)
       END AS statement,
       '' AS role
  FROM pg_catalog.pg_inherits i
  JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relkind IN ('r', 'p')
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
  JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
 WHERE i.inhrelid = CAST(? AS bigint)::oid
 ORDER BY i.inhseqno
