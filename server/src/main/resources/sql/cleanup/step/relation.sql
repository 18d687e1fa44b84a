-- A relation as it is now, by oid.
SELECT n.nspname                               AS schema,
       c.relname                               AS name,
       c.relkind::text                         AS kind,
       pg_catalog.pg_relation_filenode(c.oid)  AS relfilenode
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.oid = CAST(? AS pg_catalog.oid)
