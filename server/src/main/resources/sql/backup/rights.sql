-- Owners and grants of relations and their columns, schemas, functions and types, each with the role that has to exist.
WITH relation AS (
    SELECT c.oid, c.relowner AS owner, c.relacl AS acl, n.nspname AS schema, c.relname AS name,
           CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS word,
           CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS grant_word,
           CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END AS acl_kind,
           pg_catalog.format('%I.%I', n.nspname, c.relname) AS called,
           COALESCE(tn.nspname, n.nspname) AS table_schema,
           COALESCE(t.relname, c.relname) AS table_name,
           t.oid IS NULL AS own_owner
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_depend own ON c.relkind = 'S' AND own.classid = 'pg_catalog.pg_class'::regclass
                                        AND own.objid = c.oid AND own.refclassid = 'pg_catalog.pg_class'::regclass
                                        AND own.refobjsubid > 0 AND own.deptype IN ('a', 'i')
      LEFT JOIN pg_catalog.pg_class t ON t.oid = own.refobjid
      LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND c.relpersistence <> 't'
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
), thing AS (
    SELECT oid, owner, acl, schema, name, word, grant_word, acl_kind, called, table_schema,
           table_name, own_owner
      FROM relation
    UNION ALL
    SELECT n.oid, n.nspowner, n.nspacl, n.nspname, '', 'SCHEMA', 'SCHEMA', 'n', pg_catalog.quote_ident(n.nspname), NULL, NULL,
           n.nspname <> 'public'
      FROM pg_catalog.pg_namespace n
    UNION ALL
    SELECT p.oid, p.proowner, p.proacl, n.nspname, p.proname,
           CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END,
           'f', pg_catalog.format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)),
           NULL, NULL, true
      FROM pg_catalog.pg_proc p
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     WHERE p.prokind IN ('f', 'p', 'w')
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                        WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
    UNION ALL
    SELECT t.oid, t.typowner, t.typacl, n.nspname, t.typname, 'TYPE', 'TYPE', 'T', pg_catalog.format('%I.%I', n.nspname, t.typname),
           NULL, NULL, true
      FROM pg_catalog.pg_type t
      JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
     WHERE (t.typtype IN ('e', 'd', 'r')
            OR t.typtype = 'c' AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                        WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
)
SELECT kind, schema, name, table_schema, table_name, statement, role
  FROM (SELECT 1 AS turn, 'owner' AS kind, schema, name, table_schema, table_name,
               pg_catalog.format('ALTER %s %s OWNER TO %I', word, called, pg_catalog.pg_get_userbyid(owner)) AS statement,
               pg_catalog.pg_get_userbyid(owner) AS role
          FROM thing
         WHERE own_owner
        UNION ALL
        -- What everybody may when nothing else is said was taken away, or is granted again below.
        SELECT 2, 'grants', schema, name, table_schema, table_name,
               pg_catalog.format('REVOKE ALL ON %s %s FROM PUBLIC', grant_word, called), ''
          FROM thing
         WHERE acl IS NOT NULL AND acl_kind IN ('f', 'T')
        UNION ALL
        SELECT 3, 'grants', t.schema, t.name, t.table_schema, t.table_name,
               pg_catalog.format('GRANT %s ON %s %s TO %s%s', pg_catalog.string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type),
                                 t.grant_word, t.called,
                                 CASE WHEN a.grantee = 0 THEN 'PUBLIC'
                                      ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END,
                                 CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' END),
               CASE WHEN a.grantee = 0 THEN '' ELSE pg_catalog.pg_get_userbyid(a.grantee) END
          FROM thing t, LATERAL pg_catalog.aclexplode(t.acl) a
         WHERE a.grantee <> t.owner
         GROUP BY t.schema, t.name, t.table_schema, t.table_name, t.grant_word, t.called, a.grantee, a.is_grantable
        UNION ALL
        SELECT 4, 'grants', r.schema, r.name, r.table_schema, r.table_name,
               pg_catalog.format('GRANT %s ON TABLE %s TO %s%s',
                                 pg_catalog.string_agg(pg_catalog.format('%s (%I)', a.privilege_type, att.attname), ', '
                                                       ORDER BY att.attnum, a.privilege_type),
                                 r.called,
                                 CASE WHEN a.grantee = 0 THEN 'PUBLIC'
                                      ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END,
                                 CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' END),
               CASE WHEN a.grantee = 0 THEN '' ELSE pg_catalog.pg_get_userbyid(a.grantee) END
          FROM relation r
          JOIN pg_catalog.pg_attribute att ON att.attrelid = r.oid AND att.attnum > 0 AND NOT att.attisdropped,
               LATERAL pg_catalog.aclexplode(att.attacl) a
         WHERE a.grantee <> r.owner
         GROUP BY r.schema, r.name, r.table_schema, r.table_name, r.called, a.grantee, a.is_grantable) made
 WHERE schema !~ '^pg_' AND schema <> 'information_schema'
 ORDER BY turn, schema, name, statement
