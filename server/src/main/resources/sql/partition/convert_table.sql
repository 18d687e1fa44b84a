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
       c.reloptions || (SELECT pg_catalog.array_agg('toast.' || o.text ORDER BY o.text)
                          FROM pg_catalog.pg_class t
                         CROSS JOIN LATERAL pg_catalog.unnest(t.reloptions) AS o (text)
                         WHERE t.oid = c.reltoastrelid)                AS options,
       CASE WHEN am.amname <> pg_catalog.current_setting('default_table_access_method') THEN am.amname END AS access_method,
       EXISTS (SELECT FROM pg_catalog.pg_seclabel l
                WHERE l.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND l.objoid = c.oid) AS labelled,
       ts.spcname                                                      AS tablespace,
       pg_catalog.obj_description(c.oid, 'pg_class')                   AS comment,
       EXISTS (SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
                  AND d.deptype = 'e')                                 AS of_extension
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
  LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace
 WHERE n.nspname = ? AND c.relname = ?
