-- id: index-redundant
-- title: Indexes that another one covers
-- category: indexes
-- severity: info
-- confidence: certain
-- impact: bytes
-- meaning: The columns of a B-tree index are the leading columns of another one with the same operator classes,
--   collations, sort order, expressions (and their statistics targets) and predicate, and its included columns are in the
--   other one too. What it can answer the other one can, from a somewhat larger structure. Unique indexes, those that back
--   a constraint, by which the table is clustered or replicated, and those of tables of an extension are never reported.
-- remedy: Drop it if the other index is not much wider. That of a partitioned table cannot be dropped concurrently, so the
--   statement waits for the table at most two seconds.
WITH RECURSIVE needed AS (
    SELECT i.indexrelid
    FROM pg_index i
    WHERE i.indisunique
       OR i.indisreplident
       OR i.indisclustered
       OR EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
       OR EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid IN (i.indexrelid, i.indrelid) AND d.deptype = 'e')
    UNION
    -- dropping a partitioned index drops those of the partitions
    SELECT h.inhparent FROM needed m JOIN pg_inherits h ON h.inhrelid = m.indexrelid
), indexes AS (
    SELECT i.indexrelid, i.indrelid, c.relname, n.nspname, c.relkind, c.relispartition, c.reltuples,
           i.indnkeyatts, i.indnatts,
           i.indkey::int2[] AS columns, i.indclass::oid[] AS classes, i.indcollation::oid[] AS collations,
           i.indoption::int2[] AS options, i.indisunique,
           i.indexrelid IN (SELECT m.indexrelid FROM needed m) AS needed,
           -- parameters of operator classes, and how well the planner shall know the expressions
           (SELECT array_agg(coalesce(a.attoptions::text, '') || coalesce(a.attstattarget, -1) ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = i.indexrelid) AS details,
           -- node trees carry the place of the expression in the statement that made it; the list of them is in brackets
           btrim(regexp_replace(coalesce(i.indexprs::text, ''), ':location -?\d+', '', 'g'), '()') AS expressions,
           regexp_replace(coalesce(i.indpred::text, ''), ':location -?\d+', '', 'g') AS predicate
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_am a ON a.oid = c.relam
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE i.indisvalid
      AND i.indislive
      AND a.amname = 'btree'
      AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'
), covered AS (
    SELECT DISTINCT ON (a.indexrelid) a.*, b.relname AS covering
    FROM indexes a
    JOIN indexes b ON b.indrelid = a.indrelid AND b.indexrelid <> a.indexrelid
    WHERE NOT a.needed
      AND NOT a.relispartition
      AND b.indnkeyatts >= a.indnkeyatts
      AND b.columns[0 : a.indnkeyatts - 1] = a.columns[0 : a.indnkeyatts - 1]
      AND b.classes[0 : a.indnkeyatts - 1] = a.classes[0 : a.indnkeyatts - 1]
      AND b.collations[0 : a.indnkeyatts - 1] = a.collations[0 : a.indnkeyatts - 1]
      AND b.options[0 : a.indnkeyatts - 1] = a.options[0 : a.indnkeyatts - 1]
      AND b.details[1 : a.indnkeyatts] = a.details[1 : a.indnkeyatts]
      AND b.columns @> a.columns[a.indnkeyatts : a.indnatts - 1]
      AND (b.expressions = a.expressions OR b.expressions LIKE replace(replace(a.expressions, '\', '\\'), '_', '\_') || ' %'
           OR a.expressions = '')
      AND b.predicate = a.predicate
      -- exact copies are another check's; of two that cover each other the younger one goes
      AND (b.indnkeyatts > a.indnkeyatts OR b.indnatts > a.indnatts OR b.indisunique
           OR (b.columns <> a.columns AND b.indexrelid < a.indexrelid))
    ORDER BY a.indexrelid, b.indisunique DESC, b.indnatts, b.indexrelid
)
SELECT 'index' AS object_kind,
       x.nspname AS schema_name,
       x.relname AS object_name,
       s.bytes AS impact,
       format('Index %I of table %I.%I is covered by index %I.', x.relname, tn.nspname, t.relname, x.covering) AS message,
       jsonb_build_object('table', format('%I.%I', tn.nspname, t.relname), 'covered_by', x.covering, 'bytes', s.bytes,
                          'scans', st.idx_scan) AS evidence,
       CASE WHEN x.relkind = 'I'
            THEN format('BEGIN; SET LOCAL lock_timeout = ''2s''; DROP INDEX %I.%I; COMMIT;', x.nspname, x.relname)
            ELSE format('DROP INDEX CONCURRENTLY %I.%I;', x.nspname, x.relname)
       END AS remediation
FROM covered x
JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_stat_all_indexes st ON st.indexrelid = x.indexrelid
-- a partitioned index has no storage: its copies on the partitions have
CROSS JOIN LATERAL (
    WITH RECURSIVE parts AS (
        SELECT x.indexrelid AS part
        UNION ALL
        SELECT h.inhrelid FROM parts p JOIN pg_inherits h ON h.inhparent = p.part AND x.relkind = 'I')
    SELECT sum(l.relpages) * current_setting('block_size')::bigint AS bytes
    FROM parts p
    JOIN pg_class l ON l.oid = p.part) s
