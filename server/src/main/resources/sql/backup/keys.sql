-- Keys, exclusions, CHECKs and NOT NULLs that need not hold for old rows, and indexes of a table or materialized view.
SELECT kind, schema, name, table_schema, table_name, statement, '' AS role
  FROM (SELECT 1 AS turn,
               CASE con.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'x' THEN 'exclusion'
                    WHEN 'n' THEN 'not null' ELSE 'check' END AS kind,
               n.nspname AS schema, con.conname AS name, n.nspname AS table_schema, c.relname AS table_name,
               pg_catalog.format('ALTER TABLE %s%I.%I ADD CONSTRAINT %I %s',
                                 CASE WHEN con.contype NOT IN ('c', 'n') THEN 'ONLY ' END,
                                 n.nspname, c.relname, con.conname, pg_catalog.pg_get_constraintdef(con.oid)) AS statement
          FROM pg_catalog.pg_constraint con
          JOIN pg_catalog.pg_class c ON c.oid = con.conrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE con.conrelid = CAST(? AS bigint)::oid
           AND (con.contype IN ('p', 'u', 'x')
                OR con.contype IN ('c', 'n') AND NOT con.convalidated AND con.coninhcount = 0)
        UNION ALL
        SELECT 2, 'index', n.nspname, i.relname, n.nspname, c.relname, pg_catalog.pg_get_indexdef(x.indexrelid)
          FROM pg_catalog.pg_index x
          JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
          JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE x.indrelid = CAST(? AS bigint)::oid AND (x.indisvalid OR i.relkind = 'I')
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint con WHERE con.conindid = x.indexrelid
                                                                      AND con.conrelid = x.indrelid)
        UNION ALL
        SELECT 3, 'index partition', n.nspname, i.relname, n.nspname, c.relname,
               pg_catalog.format('ALTER INDEX %I.%I ATTACH PARTITION %I.%I', pn.nspname, p.relname, n.nspname, i.relname)
          FROM pg_catalog.pg_index x
          JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
          JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace
          JOIN pg_catalog.pg_inherits h ON h.inhrelid = i.oid
          JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
          JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
         WHERE x.indrelid = CAST(? AS bigint)::oid
        UNION ALL
        SELECT 4, 'replica identity', n.nspname, c.relname, n.nspname, c.relname,
               pg_catalog.format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY %s', n.nspname, c.relname,
                                 CASE c.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING'
                                      ELSE (SELECT pg_catalog.format('USING INDEX %I', ri.relname)
                                              FROM pg_catalog.pg_index rx
                                              JOIN pg_catalog.pg_class ri ON ri.oid = rx.indexrelid
                                             WHERE rx.indrelid = c.oid AND rx.indisreplident) END)
          FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.oid = CAST(? AS bigint)::oid AND c.relreplident <> 'd' AND c.relkind IN ('r', 'p', 'm')
        UNION ALL
        SELECT 5, 'index setting', n.nspname, i.relname, n.nspname, c.relname, form.statement
          FROM pg_catalog.pg_index x
          JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
          JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         CROSS JOIN LATERAL (
               -- Of a key's index: pg_get_indexdef has those of others, pg_get_constraintdef none.
               SELECT pg_catalog.format('ALTER INDEX %I.%I SET (%s)', n.nspname, i.relname,
                          (SELECT pg_catalog.string_agg(pg_catalog.format('%s=%L', pg_catalog.split_part(o.option, '=', 1),
                                      pg_catalog.substr(o.option, pg_catalog.strpos(o.option, '=') + 1)), ', ')
                             FROM pg_catalog.unnest(i.reloptions) AS o (option))) AS statement
                WHERE i.reloptions IS NOT NULL AND i.relkind = 'i'
                  AND EXISTS (SELECT FROM pg_catalog.pg_constraint con WHERE con.conindid = x.indexrelid
                                                                         AND con.conrelid = x.indrelid)
               UNION ALL
               SELECT pg_catalog.format('ALTER INDEX %I.%I ALTER COLUMN %s SET STATISTICS %s', n.nspname, i.relname, a.attnum,
                                        a.attstattarget)
                 FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = i.oid AND COALESCE(a.attstattarget, -1) <> -1
               UNION ALL
               SELECT pg_catalog.format('ALTER TABLE %I.%I CLUSTER ON %I', n.nspname, c.relname, i.relname)
                WHERE x.indisclustered) AS form
         WHERE x.indrelid = CAST(? AS bigint)::oid AND (x.indisvalid OR i.relkind = 'I')) made
 WHERE statement IS NOT NULL
 ORDER BY turn, name
