-- id: table-without-primary-key
-- title: Tables without a primary key
-- category: tables
-- severity: warning
-- confidence: certain
-- impact: rows
-- meaning: Nothing tells the rows of the table apart. Logical replication cannot apply updates and deletes to it, and
--   duplicates go unnoticed. A table with a unique index over columns that cannot be NULL is only good to know: the index
--   could become the key. Tables of extensions are not reported.
-- remedy: Add a primary key; build its unique index concurrently first, then add the constraint USING INDEX.
SELECT 'table' AS object_kind,
       n.nspname AS schema_name,
       c.relname AS object_name,
       greatest(c.reltuples, 0) AS impact,
       CASE WHEN u.relname IS NOT NULL THEN 'info' END AS severity,
       CASE WHEN u.relname IS NULL
            THEN format('Table %I.%I has no primary key.', n.nspname, c.relname)
            ELSE format('Table %I.%I has no primary key, but unique index %I could be one.', n.nspname, c.relname, u.relname)
       END AS message,
       jsonb_build_object('rows', c.reltuples, 'unique_index', u.relname,
                          'replica_identity', CASE c.relreplident WHEN 'd' THEN 'default' WHEN 'n' THEN 'nothing'
                                                                  WHEN 'f' THEN 'full' ELSE 'index' END) AS evidence,
       -- a partitioned table cannot take an index over as its key
       CASE WHEN u.relname IS NOT NULL AND c.relkind = 'r'
            THEN format('ALTER TABLE %I.%I ADD PRIMARY KEY USING INDEX %I;', n.nspname, c.relname, u.relname) END AS remediation
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN LATERAL (
    SELECT ic.relname
    FROM pg_index i
    JOIN pg_class ic ON ic.oid = i.indexrelid
    WHERE i.indrelid = c.oid
      AND i.indisunique
      AND i.indisvalid
      AND i.indpred IS NULL
      AND i.indexprs IS NULL
      AND i.indimmediate
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype <> 'f')
      AND NOT EXISTS (
          SELECT FROM unnest((i.indkey::int2[])[0 : i.indnkeyatts - 1]) AS column_number
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = column_number
          WHERE NOT a.attnotnull)
    ORDER BY i.indnatts, i.indexrelid
    LIMIT 1) u ON true
WHERE c.relkind IN ('r', 'p')
  AND NOT c.relispartition
  AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
  AND NOT EXISTS (
      SELECT FROM pg_depend d
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
