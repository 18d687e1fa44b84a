-- Statements that make the constraints and indexes of a table again, foreign keys last.
SELECT definition
  FROM (SELECT CASE con.contype WHEN 'f' THEN 3 ELSE 1 END AS turn,
               con.conname AS name,
               pg_catalog.format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, con.conname,
                                 pg_catalog.pg_get_constraintdef(con.oid)) AS definition
          FROM pg_catalog.pg_constraint con
          JOIN pg_catalog.pg_class c ON c.oid = con.conrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE con.conrelid = CAST(? AS bigint)::oid AND con.contype IN ('c', 'f', 'p', 'u', 'x')
        UNION ALL
        SELECT 2, i.relname, pg_catalog.pg_get_indexdef(x.indexrelid)
          FROM pg_catalog.pg_index x
          JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
         WHERE x.indrelid = CAST(? AS bigint)::oid
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint con WHERE con.conindid = x.indexrelid
                                                                      AND con.conrelid = x.indrelid)) made
 ORDER BY turn, name
