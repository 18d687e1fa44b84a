-- id: table-without-primary-key
-- title: Tables without a primary key
-- category: tables
-- severity: warning
-- confidence: certain
-- impact: rows
-- meaning: Nothing tells the rows of the table apart. Logical replication cannot apply updates and deletes to it, and
--   duplicates go unnoticed. A table with a unique index or constraint over columns that cannot be NULL is only good to
--   know. Such an index could become the key if no constraint has it, it is checked at once and its order is the default
--   one of its columns: only then a statement is told. Tables of extensions are not reported.
-- remedy: Add a primary key; build its unique index concurrently first, then add the constraint USING INDEX. A partitioned
--   table cannot take an index over as its key.
SELECT 'table' AS object_kind,
       n.nspname AS schema_name,
       c.relname AS object_name,
       greatest(c.reltuples, 0) AS impact,
       CASE WHEN u.relname IS NOT NULL THEN 'info' END AS severity,
       CASE WHEN u.relname IS NULL
            THEN format('Table %I.%I has no primary key.', n.nspname, c.relname)
            WHEN u.can_be_key
            THEN format('Table %I.%I has no primary key, but unique index %I could be one.', n.nspname, c.relname, u.relname)
            ELSE format('Table %I.%I has no primary key, but unique index %I tells its rows apart.', n.nspname, c.relname,
                        u.relname)
       END AS message,
       jsonb_build_object('rows', c.reltuples, 'unique_index', u.relname,
                          'replica_identity', CASE c.relreplident WHEN 'd' THEN 'default' WHEN 'n' THEN 'nothing'
                                                                  WHEN 'f' THEN 'full' ELSE 'index' END) AS evidence,
       CASE WHEN u.can_be_key
            THEN format('ALTER TABLE %I.%I ADD PRIMARY KEY USING INDEX %I;', n.nspname, c.relname, u.relname) END AS remediation
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN LATERAL (
    SELECT ic.relname,
           -- what ALTER TABLE … USING INDEX asks for
           c.relkind = 'r'
           AND i.indimmediate
           AND ic.relam = (SELECT m.oid FROM pg_am m WHERE m.amname = 'btree')
           AND NOT coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false)
           AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype <> 'f')
           AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.conname = ic.relname)
           AND NOT EXISTS (
               SELECT FROM generate_series(0, i.indnkeyatts - 1) AS p (place)
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[p.place]
               JOIN pg_attribute x ON x.attrelid = i.indexrelid AND x.attnum = p.place + 1
               JOIN pg_opclass o ON o.oid = i.indclass[p.place]
               WHERE i.indoption[p.place] <> 0
                  OR i.indcollation[p.place] <> a.attcollation
                  OR x.attoptions IS NOT NULL
                  OR NOT o.opcdefault
                  -- of a type, a domain or an array that has one of its own, that of another type is not the default
                  OR (o.opcintype <> a.atttypid
                      AND EXISTS (SELECT FROM pg_opclass d
                                  WHERE d.opcmethod = o.opcmethod AND d.opcintype = a.atttypid AND d.opcdefault))
                  OR EXISTS (SELECT FROM pg_constraint k
                             WHERE k.conrelid = c.oid AND k.contype = 'n' AND a.attnum = ANY (k.conkey) AND k.connoinherit)
           ) AS can_be_key
    FROM pg_index i
    JOIN pg_class ic ON ic.oid = i.indexrelid
    WHERE i.indrelid = c.oid
      AND i.indisunique
      AND i.indisvalid
      AND i.indpred IS NULL
      AND i.indexprs IS NULL
      AND NOT EXISTS (
          SELECT FROM unnest((i.indkey::int2[])[0 : i.indnkeyatts - 1]) AS column_number
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = column_number
          WHERE NOT a.attnotnull
             OR EXISTS (SELECT FROM pg_constraint k
                        WHERE k.conrelid = c.oid AND k.contype = 'n' AND a.attnum = ANY (k.conkey) AND NOT k.convalidated))
    ORDER BY can_be_key DESC, i.indnatts, i.indexrelid
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
