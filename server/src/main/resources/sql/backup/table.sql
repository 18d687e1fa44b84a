-- The statement that makes a table, without constraints but NOT NULL that holds for every row.
SELECT 'table' AS kind, n.nspname AS schema, c.relname AS name, n.nspname AS table_schema, c.relname AS table_name,
       pg_catalog.format('CREATE %sTABLE %I.%I (%s)%s%s%s',
           CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' END, n.nspname, c.relname,
           (SELECT pg_catalog.string_agg(
                pg_catalog.format('%I %s%s%s%s', a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
                    (SELECT pg_catalog.format(' COLLATE %I.%I', cn.nspname, co.collname)
                       FROM pg_catalog.pg_collation co
                       JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
                       JOIN pg_catalog.pg_type ty ON ty.oid = a.atttypid
                      WHERE co.oid = a.attcollation AND a.attcollation <> ty.typcollation),
                    CASE WHEN a.attgenerated = 's' THEN
                              pg_catalog.format(' GENERATED ALWAYS AS (%s) STORED', pg_catalog.pg_get_expr(d.adbin, d.adrelid))
                         WHEN a.attgenerated = 'v' THEN
                              pg_catalog.format(' GENERATED ALWAYS AS (%s) VIRTUAL', pg_catalog.pg_get_expr(d.adbin, d.adrelid))
                         WHEN a.attidentity <> '' THEN
                              (SELECT pg_catalog.format(
                                          ' GENERATED %s AS IDENTITY (SEQUENCE NAME %I.%I INCREMENT BY %s MINVALUE %s MAXVALUE %s'
                                          ' START WITH %s CACHE %s%s)',
                                          CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, sn.nspname, sc.relname,
                                          s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache,
                                          CASE WHEN s.seqcycle THEN ' CYCLE' END)
                                 FROM pg_catalog.pg_depend own
                                 JOIN pg_catalog.pg_sequence s ON s.seqrelid = own.objid
                                 JOIN pg_catalog.pg_class sc ON sc.oid = s.seqrelid
                                 JOIN pg_catalog.pg_namespace sn ON sn.oid = sc.relnamespace
                                WHERE own.classid = 'pg_catalog.pg_class'::regclass
                                  AND own.refclassid = 'pg_catalog.pg_class'::regclass AND own.deptype = 'i'
                                  AND own.refobjid = a.attrelid AND own.refobjsubid = a.attnum)
                         WHEN d.adbin IS NOT NULL THEN ' DEFAULT ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid)
                    END,
                    CASE WHEN a.attnotnull
                         THEN COALESCE((SELECT CASE WHEN k.convalidated -- since 18 these have names
                                                    THEN pg_catalog.format(' CONSTRAINT %I NOT NULL%s', k.conname,
                                                                           CASE WHEN k.connoinherit THEN ' NO INHERIT' END)
                                                    ELSE '' END
                                          FROM pg_catalog.pg_constraint k
                                         WHERE k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey = ARRAY[a.attnum]),
                                       ' NOT NULL') END),
                ', ' ORDER BY a.attnum)
              FROM pg_catalog.pg_attribute a
              LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
           CASE WHEN c.relkind = 'p' THEN ' PARTITION BY ' || pg_catalog.pg_get_partkeydef(c.oid) END,
           (SELECT pg_catalog.format(' USING %I', am.amname)
              FROM pg_catalog.pg_am am WHERE am.oid = c.relam AND am.amname <> 'heap'),
           ' WITH (' || (SELECT pg_catalog.string_agg(pg_catalog.format('%s%s=%L', o.place, pg_catalog.split_part(o.option, '=', 1),
                                                                   pg_catalog.substr(o.option, pg_catalog.strpos(o.option, '=') + 1)), ', ')
                           FROM (SELECT '' AS place, pg_catalog.unnest(c.reloptions) AS option
                                 UNION ALL
                                 SELECT 'toast.', pg_catalog.unnest(toast.reloptions)) o) || ')') AS statement,
       '' AS role
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_class toast ON toast.oid = c.reltoastrelid
 WHERE c.oid = CAST(? AS bigint)::oid
