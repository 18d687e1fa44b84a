-- A table that is to keep rows of another one, by its name and the oid of that one: what it is, and what would change or keep
-- rows that are inserted, with its partitions.
SELECT CAST(c.oid AS bigint)                 AS oid,
       CAST(c.relkind AS pg_catalog.text)    AS kind,
       pg_catalog.row_security_active(c.oid) AS filtered,
       c.oid OPERATOR(pg_catalog.=) source.relation
           OR coalesce(CAST(pg_catalog.pg_partition_root(c.oid) AS pg_catalog.oid), c.oid) OPERATOR(pg_catalog.=)
              coalesce(CAST(pg_catalog.pg_partition_root(source.relation) AS pg_catalog.oid), source.relation) AS related,
       pg_catalog.has_table_privilege(c.oid, 'INSERT') AS can_insert,
       pg_catalog.has_table_privilege(c.oid, 'SELECT')
           AND pg_catalog.has_table_privilege(c.oid, 'UPDATE') AS can_merge,
       tree.unlogged,
       tree.foreign_parts,
       coalesce(tree.triggers, '{}') AS triggers,
       coalesce(tree.rules, '{}')    AS rules
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
 CROSS JOIN (VALUES (CAST(? AS pg_catalog.oid))) source (relation)
 CROSS JOIN LATERAL (
       SELECT pg_catalog.bool_or(part.relpersistence OPERATOR(pg_catalog.<>) 'p') AS unlogged,
              pg_catalog.bool_or(part.relkind OPERATOR(pg_catalog.=) 'f')         AS foreign_parts,
              (SELECT pg_catalog.array_agg(DISTINCT CAST(t.tgname AS pg_catalog.text))
                 FROM pg_catalog.pg_trigger t
                WHERE t.tgrelid OPERATOR(pg_catalog.=) ANY (pg_catalog.array_agg(part.oid))
                  AND NOT t.tgisinternal
                  AND t.tgenabled OPERATOR(pg_catalog.=) ANY (CAST('{O,A}' AS pg_catalog."char"[]))
                  AND (t.tgtype OPERATOR(pg_catalog.&) CAST(? AS pg_catalog.int2)) OPERATOR(pg_catalog.<>) 0) AS triggers,
              (SELECT pg_catalog.array_agg(DISTINCT CAST(r.rulename AS pg_catalog.text))
                 FROM pg_catalog.pg_rewrite r
                WHERE r.ev_class OPERATOR(pg_catalog.=) ANY (pg_catalog.array_agg(part.oid))) AS rules
         FROM pg_catalog.pg_class part
        WHERE part.oid OPERATOR(pg_catalog.=) c.oid
           OR part.oid OPERATOR(pg_catalog.=) ANY (
              SELECT CAST(below.relid AS pg_catalog.oid) FROM pg_catalog.pg_partition_tree(c.oid) below)) tree
 WHERE n.nspname OPERATOR(pg_catalog.=) ?
   AND c.relname OPERATOR(pg_catalog.=) ?
