-- A table that may become partitioned. Parameters: schema, name.
SELECT c.oid::pg_catalog.int8                                          AS oid,
       pg_catalog.pg_get_userbyid(c.relowner)                          AS owner,
       pg_catalog.pg_has_role(c.relowner, 'USAGE')                     AS may_act,
       c.relowner <> (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = current_user) AS foreign_owner,
       c.relkind                                                       AS kind,
       c.relpersistence                                                AS persistence,
       c.reloftype <> 0                                                AS typed,
       EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent)) AS inherits,
       c.relrowsecurity                                                AS row_security,
       c.relforcerowsecurity                                           AS forced_row_security,
       c.relreplident                                                  AS identity,
       ts.spcname                                                      AS tablespace,
       pg_catalog.obj_description(c.oid, 'pg_class')                   AS comment,
       pg_catalog.pg_total_relation_size(c.oid)                        AS bytes,
       c.reltuples::pg_catalog.int8                                    AS tuples,
       EXISTS (SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
                  AND d.deptype = 'e')                                 AS of_extension
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace
 WHERE n.nspname = ? AND c.relname = ?
