-- A relation as it is now, by oid, and the transaction id of whoever asks; null if it has none because it wrote nothing.
SELECT n.nspname                               AS schema,
       c.relname                               AS name,
       CAST(c.relkind AS pg_catalog.text)      AS kind,
       pg_catalog.pg_relation_filenode(c.oid)  AS relfilenode,
       CAST(CAST(pg_catalog.pg_current_xact_id_if_assigned() AS pg_catalog.text) AS bigint) AS xid
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
 WHERE c.oid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.oid)
