-- id: foreign-key-unindexed
-- title: Foreign keys without a supporting index
-- category: indexes
-- severity: warning
-- confidence: certain
-- impact: rows
-- blocks: cleanup
-- threshold: min_rows = 0 rows — Smallest referencing table that is reported, by the planner's row count.
-- meaning: Deleting a row that others may reference makes Postgres look for them; without an index on the referencing
--   columns it reads that whole table for every deleted row. An invalid index does not help, nor does one that begins with
--   another column or leaves out other rows than those with NULL. A partitioned table is reported once if any of its
--   partitions lacks the index.
-- remedy: Build the index concurrently. On a partitioned table first on each partition, then the parent's, which only
--   adopts them.
WITH RECURSIVE keys AS (
    SELECT k.oid, k.oid AS root, k.conrelid, k.conkey
    FROM pg_constraint k
    JOIN pg_namespace n ON n.oid = k.connamespace
    WHERE k.contype = 'f'
      AND k.conparentid = 0
      AND n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT c.oid, p.root, c.conrelid, c.conkey
    FROM keys p
    JOIN pg_constraint c ON c.conparentid = p.oid AND c.contype = 'f'
), lacking AS (
    SELECT k.root, k.conrelid, min(k.conkey) AS conkey, max(t.reltuples) AS rows
    FROM keys k
    JOIN pg_class t ON t.oid = k.conrelid AND t.relkind = 'r' AND t.relpersistence <> 't'
    WHERE NOT EXISTS (
        SELECT FROM pg_index i
        JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_am a ON a.oid = c.relam
        WHERE i.indrelid = k.conrelid
          AND i.indisvalid
          -- A search for a value never wants NULL: an index that leaves out just those serves.
          AND (i.indpred IS NULL
               OR NOT EXISTS (
                    SELECT FROM (SELECT substring(pg_get_indexdef(i.indexrelid) FROM '.* WHERE (.*)$')) AS w (text)
                    CROSS JOIN unnest(string_to_array(
                         CASE WHEN w.text LIKE '((%' THEN substr(w.text, 2, length(w.text) - 2) ELSE w.text END,
                         ' AND ')) AS condition (text)
                    WHERE condition.text NOT IN (
                        SELECT '(' || quote_ident(a.attname) || ' IS NOT NULL)'
                        FROM pg_attribute a
                        WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey))))
          AND i.indnkeyatts >= cardinality(k.conkey)
          AND (i.indkey::int2[])[0 : cardinality(k.conkey) - 1] @> k.conkey
          AND (a.amname = 'btree' OR (a.amname = 'hash' AND cardinality(k.conkey) = 1)))
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
