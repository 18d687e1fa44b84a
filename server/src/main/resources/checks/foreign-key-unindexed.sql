-- id: foreign-key-unindexed
-- title: Foreign keys without a supporting index
-- category: indexes
-- severity: warning
-- confidence: certain
-- impact: rows
-- blocks: cleanup
-- threshold: min_rows = 0 rows — Smallest referencing table that is reported, by the planner's row count.
-- threshold: warning_rows = 10000 rows — Referencing tables with fewer rows are only good to know.
-- meaning: Deleting a row that others may reference makes Postgres look for them; without an index on the referencing
--   columns it reads that whole table for every deleted row. An invalid index does not help, nor does one that begins with
--   another column, has another collation or leaves out other rows than those with NULL. A key with PERIOD is served by an
--   index on its other columns. Keys that are NOT ENFORCED are not reported. A partitioned table is reported once if any
--   of its partitions lacks the index.
-- remedy: Build the index concurrently. On a partitioned table first on each partition, then the parent's, which only
--   adopts them.
WITH RECURSIVE keys AS (
    SELECT k.oid, k.oid AS root, k.conrelid, k.confrelid, k.confkey, p.temporal, k.conkey AS whole,
           -- rows of a temporal key are found by its other columns; its period comes last
           k.conkey[1 : cardinality(k.conkey) - p.temporal::int] AS conkey
    FROM pg_constraint k
    JOIN pg_namespace n ON n.oid = k.connamespace
    CROSS JOIN LATERAL (SELECT coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false) AS temporal) p
    WHERE k.contype = 'f'
      AND k.conparentid = 0
      AND coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true)
      AND n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT c.oid, p.root, c.conrelid, c.confrelid, c.confkey, p.temporal, c.conkey,
           c.conkey[1 : cardinality(c.conkey) - p.temporal::int]
    FROM keys p
    JOIN pg_constraint c ON c.conparentid = p.oid AND c.contype = 'f'
), lacking AS (
    SELECT k.root, k.conrelid, min(k.conkey) AS conkey, max(greatest(t.reltuples, pg_stat_get_live_tuples(t.oid))) AS rows
    FROM keys k
    JOIN pg_class t ON t.oid = k.conrelid AND t.relkind = 'r' AND t.relpersistence <> 't'
    WHERE NOT EXISTS (
        SELECT FROM pg_index i
        JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_am a ON a.oid = c.relam
        WHERE i.indrelid = k.conrelid
          AND i.indisvalid
          -- a search for a value never wants NULL: an index that leaves out just those serves
          AND (i.indpred IS NULL
               OR (@not_null_tests@
                   AND NOT EXISTS (
                       SELECT FROM regexp_matches(i.indpred::text, ':varattno (\d+)', 'g') AS tested (number)
                       WHERE tested.number[1]::int2 <> ALL (k.whole))))
          AND i.indnkeyatts >= cardinality(k.conkey)
          AND (i.indkey::int2[])[0 : cardinality(k.conkey) - 1] @> k.conkey
          AND (a.amname = 'btree' OR (a.amname = 'hash' AND cardinality(k.conkey) = 1) OR (a.amname = 'gist' AND k.temporal))
          -- sorted as the key compares
          AND NOT EXISTS (
              SELECT FROM generate_series(0, cardinality(k.conkey) - 1) AS p (place)
              JOIN pg_attribute x ON x.attrelid = i.indexrelid AND x.attnum = p.place + 1
              JOIN pg_attribute f ON f.attrelid = k.conrelid AND f.attnum = i.indkey[p.place]
              WHERE x.attcollation <> f.attcollation
                AND x.attcollation NOT IN (SELECT r.attcollation FROM pg_attribute r
                                           WHERE r.attrelid = k.confrelid AND r.attnum = ANY (k.confkey))))
    GROUP BY k.root, k.conrelid
), named AS (
    SELECT l.root, l.conrelid, l.rows, n.nspname, t.relname,
           (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY u.position)
            FROM unnest(l.conkey) WITH ORDINALITY u (attnum, position)
            JOIN pg_attribute a ON a.attrelid = l.conrelid AND a.attnum = u.attnum) AS columns
    FROM lacking l
    JOIN pg_class t ON t.oid = l.conrelid
    JOIN pg_namespace n ON n.oid = t.relnamespace
), summed AS (
    SELECT m.root,
           sum(greatest(m.rows, 0)) AS rows,
           max(m.columns) AS columns,
           array_agg(format('%I.%I', m.nspname, m.relname) ORDER BY m.nspname, m.relname) AS tables,
           string_agg(format('CREATE INDEX CONCURRENTLY ON %I.%I (%s);', m.nspname, m.relname, m.columns), E'\n'
                      ORDER BY m.nspname, m.relname) AS statements
    FROM named m
    GROUP BY m.root
)
SELECT 'foreign key' AS object_kind,
       n.nspname AS schema_name,
       t.relname || '.' || k.conname AS object_name,
       s.rows AS impact,
       CASE WHEN s.rows < :warning_rows THEN 'info' END AS severity,
       s.rows >= :warning_rows AS blocks_cleanup,
       format('Foreign key %I of table %I.%I on (%s) has no index: every delete in %I.%I reads the whole table.',
              k.conname, n.nspname, t.relname, s.columns, rn.nspname, r.relname) AS message,
       jsonb_build_object('table', format('%I.%I', n.nspname, t.relname), 'columns', s.columns,
                          'references', format('%I.%I', rn.nspname, r.relname), 'rows', s.rows,
                          'on_delete', CASE k.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT'
                              WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END,
                          'without_index', to_jsonb(s.tables)) AS evidence,
       s.statements || CASE WHEN t.relkind = 'p'
                            THEN format(E'\nCREATE INDEX ON %I.%I (%s);', n.nspname, t.relname, s.columns)
                            ELSE '' END AS remediation
FROM summed s
JOIN pg_constraint k ON k.oid = s.root
JOIN pg_class t ON t.oid = k.conrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
JOIN pg_class r ON r.oid = k.confrelid
JOIN pg_namespace rn ON rn.oid = r.relnamespace
WHERE s.rows >= :min_rows
