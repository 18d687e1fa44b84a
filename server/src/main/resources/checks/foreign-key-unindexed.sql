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
--   another column, has another collation or leaves out other rows than those with NULL. Where the columns are of other types
--   than those that they reference, Postgres may cast them (an integer that references a numeric): then only an index on
--   the cast serves, and none if the cast is by a function that is not IMMUTABLE. A key with PERIOD is served by an index
--   on its other columns. Keys that are NOT ENFORCED are not reported. A partitioned table is reported once if any of its
--   partitions lacks the index.
-- remedy: Build the index concurrently. On a partitioned table first on each partition, then the parent's, which only
--   adopts them.
WITH RECURSIVE key AS (
    SELECT k.oid, k.oid AS root, k.conrelid, k.confrelid, k.confkey, k.conkey, k.conpfeqop,
           coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false) AS temporal, ARRAY[k.conrelid] AS relations
    FROM pg_constraint k
    JOIN pg_namespace n ON n.oid = k.connamespace
    WHERE k.contype = 'f'
      AND k.conparentid = 0
      AND coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true)
      AND n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT c.oid, p.root, c.conrelid, c.confrelid, c.confkey, c.conkey, c.conpfeqop, p.temporal, ARRAY[c.conrelid]
    FROM key p
    JOIN pg_constraint c ON c.conparentid = p.oid AND c.contype = 'f'
), @key_indexes@, lacking AS (
    SELECT k.root, k.conrelid, min(w.columns) AS columns, max(greatest(t.reltuples, pg_stat_get_live_tuples(t.oid))) AS rows
    FROM key k
    JOIN pg_class t ON t.oid = k.conrelid AND t.relkind = 'r' AND t.relpersistence <> 't'
    JOIN key_wanted w ON w.key = k.oid
    WHERE k.oid NOT IN (SELECT x.key FROM key_index x)
    GROUP BY k.root, k.conrelid
), named AS (
    SELECT l.root, l.conrelid, l.rows, l.columns, n.nspname, t.relname
    FROM lacking l
    JOIN pg_class t ON t.oid = l.conrelid
    JOIN pg_namespace n ON n.oid = t.relnamespace
), summed AS (
    SELECT m.root,
           sum(greatest(m.rows, 0)) AS rows,
           max(m.columns) AS columns,
           array_agg(format('%I.%I', m.nspname, m.relname) ORDER BY m.nspname, m.relname) AS tables,
           string_agg(format('CREATE INDEX CONCURRENTLY ON %I.%I (%s);', m.nspname, m.relname, m.columns), E'\n'
                      ORDER BY m.nspname, m.relname) FILTER (WHERE m.columns IS NOT NULL) AS statements
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
              k.conname, n.nspname, t.relname, o.columns, rn.nspname, r.relname)
       || CASE WHEN s.columns IS NULL THEN ' No index can serve it, because Postgres casts the referencing columns by a function'
                                           ' that is not IMMUTABLE.'
               ELSE '' END AS message,
       jsonb_build_object('table', format('%I.%I', n.nspname, t.relname), 'columns', o.columns, 'index_on', s.columns,
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
CROSS JOIN LATERAL (
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY u.position) AS columns
    FROM unnest(k.conkey) WITH ORDINALITY u (attnum, position)
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum) o
WHERE s.rows >= :min_rows
