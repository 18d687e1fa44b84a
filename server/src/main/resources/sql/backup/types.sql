-- Enums, domains, composite types and ranges that belong to no extension, and shells of ranges whose canonical function names the range
-- itself.
WITH own AS (
    SELECT t.*, n.nspname, c.relkind
      FROM pg_catalog.pg_type t
      JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
      LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
     WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       AND (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c')
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                        WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
), made AS (
    SELECT 1 AS turn, t.oid, 'shell type' AS kind, t.nspname AS schema, t.typname AS name,
           pg_catalog.format('CREATE TYPE %I.%I', t.nspname, t.typname) AS statement
      FROM own t
      JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid AND r.rngcanonical <> 0
    UNION ALL
    SELECT 2, t.oid,
           CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite type' ELSE 'range' END,
           t.nspname, t.typname,
           CASE t.typtype
           WHEN 'e' THEN pg_catalog.format('CREATE TYPE %I.%I AS ENUM (%s)', t.nspname, t.typname,
                (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
                   FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid))
           WHEN 'd' THEN pg_catalog.format('CREATE DOMAIN %I.%I AS %s%s%s%s%s', t.nspname, t.typname,
                pg_catalog.format_type(t.typbasetype, t.typtypmod),
                CASE WHEN t.typcollation <> base.typcollation
                     THEN (SELECT pg_catalog.format(' COLLATE %I.%I', cn.nspname, co.collname)
                             FROM pg_catalog.pg_collation co
                             JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = t.typcollation)
                END,
                ' DEFAULT ' || t.typdefault,
                CASE WHEN t.typnotnull
                     THEN COALESCE((SELECT pg_catalog.format(' CONSTRAINT %I NOT NULL', con.conname) -- since 17 it has a name
                                      FROM pg_catalog.pg_constraint con WHERE con.contypid = t.oid AND con.contype = 'n'),
                                   ' NOT NULL') END,
                (SELECT pg_catalog.string_agg(pg_catalog.format(' CONSTRAINT %I %s', con.conname,
                                                                pg_catalog.pg_get_constraintdef(con.oid)), '' ORDER BY con.conname)
                   FROM pg_catalog.pg_constraint con WHERE con.contypid = t.oid AND con.contype = 'c' AND con.convalidated))
           WHEN 'c' THEN pg_catalog.format('CREATE TYPE %I.%I AS (%s)', t.nspname, t.typname,
                (SELECT pg_catalog.string_agg(pg_catalog.format('%I %s%s', a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
                            (SELECT pg_catalog.format(' COLLATE %I.%I', cn.nspname, co.collname)
                               FROM pg_catalog.pg_collation co
                               JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
                               JOIN pg_catalog.pg_type ty ON ty.oid = a.atttypid
                              WHERE co.oid = a.attcollation AND a.attcollation <> ty.typcollation)), ', ' ORDER BY a.attnum)
                   FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped))
           ELSE (SELECT pg_catalog.format('CREATE TYPE %I.%I AS RANGE (SUBTYPE = %s%s%s%s%s, MULTIRANGE_TYPE_NAME = %I.%I)',
                            t.nspname, t.typname, pg_catalog.format_type(r.rngsubtype, -1),
                            (SELECT pg_catalog.format(', SUBTYPE_OPCLASS = %I.%I', opn.nspname, op.opcname)
                               FROM pg_catalog.pg_opclass op
                               JOIN pg_catalog.pg_namespace opn ON opn.oid = op.opcnamespace
                              WHERE op.oid = r.rngsubopc AND NOT op.opcdefault),
                            (SELECT pg_catalog.format(', COLLATION = %I.%I', cn.nspname, co.collname)
                               FROM pg_catalog.pg_collation co
                               JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
                              WHERE co.oid = r.rngcollation AND r.rngcollation <> st.typcollation),
                            (SELECT pg_catalog.format(', CANONICAL = %I.%I', pn.nspname, p.proname)
                               FROM pg_catalog.pg_proc p
                               JOIN pg_catalog.pg_namespace pn ON pn.oid = p.pronamespace
                              WHERE p.oid = r.rngcanonical),
                            (SELECT pg_catalog.format(', SUBTYPE_DIFF = %I.%I', pn.nspname, p.proname)
                               FROM pg_catalog.pg_proc p
                               JOIN pg_catalog.pg_namespace pn ON pn.oid = p.pronamespace
                              WHERE p.oid = r.rngsubdiff),
                            mn.nspname, m.typname)
                   FROM pg_catalog.pg_range r
                   JOIN pg_catalog.pg_type st ON st.oid = r.rngsubtype
                   JOIN pg_catalog.pg_type m ON m.oid = r.rngmultitypid
                   JOIN pg_catalog.pg_namespace mn ON mn.oid = m.typnamespace
                  WHERE r.rngtypid = t.oid)
           END
      FROM own t
      LEFT JOIN pg_catalog.pg_type base ON base.oid = t.typbasetype
)
SELECT kind, schema, name, NULL AS table_schema, NULL AS table_name, statement, '' AS role
  FROM made
 ORDER BY turn, oid, statement
