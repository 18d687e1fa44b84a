-- id: index-duplicate
-- title: Duplicate indexes
-- category: indexes
-- severity: warning
-- confidence: certain
-- impact: bytes
-- meaning: Two indexes of a table have the same access method, columns, expressions, operator classes and their parameters,
--   collations, sort order, predicate, uniqueness (checked at once or at the end) and statistics targets, and the same
--   storage parameters but for those that only lay out its pages. Every write maintains both; one is enough. The one that
--   is kept is the one that something depends on, else the older one. An index that backs a constraint, that a foreign key
--   refers to, by which the table is clustered or replicated, or of a table of an extension is never reported.
-- remedy: Drop the reported index. That of a partitioned table cannot be dropped concurrently, so the statement waits for
--   the table at most two seconds.
WITH RECURSIVE needed AS (
    SELECT i.indexrelid
    FROM pg_index i
    WHERE i.indisreplident
       OR i.indisclustered
       OR EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
       OR EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid IN (i.indexrelid, i.indrelid) AND d.deptype = 'e')
    UNION
    -- dropping a partitioned index drops those of the partitions
    SELECT h.inhparent FROM needed m JOIN pg_inherits h ON h.inhrelid = m.indexrelid
), indexes AS (
    SELECT i.indexrelid, i.indrelid, c.relname, n.nspname, c.relkind, c.relispartition, c.relpages,
           i.indexrelid IN (SELECT m.indexrelid FROM needed m) AS needed,
           (c.relam, i.indnkeyatts, i.indkey::text, i.indclass::text, i.indcollation::text, i.indoption::text,
            i.indisunique,
            CASE WHEN i.indisunique THEN (i.indimmediate, coalesce(to_jsonb(i) ->> 'indnullsnotdistinct', 'false'))::text END,
            -- node trees carry the place of the expression in the statement that made it
            regexp_replace(coalesce(i.indexprs::text, ''), ':location -?\d+', '', 'g'),
            regexp_replace(coalesce(i.indpred::text, ''), ':location -?\d+', '', 'g'),
            -- parameters of operator classes, and how well the planner shall know the expressions
            (SELECT array_agg(coalesce(a.attoptions::text, '') || coalesce(a.attstattarget, -1) ORDER BY a.attnum)
             FROM pg_attribute a WHERE a.attrelid = i.indexrelid)::text,
            (SELECT array_agg(o.option_name || '=' || o.option_value ORDER BY o.option_name)
             FROM pg_options_to_table(c.reloptions) o
             WHERE o.option_name NOT IN ('fillfactor', 'deduplicate_items', 'buffering', 'fastupdate',
                                         'gin_pending_list_limit'))::text)::text AS signature
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE i.indisvalid
      AND i.indislive
      AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'
), ranked AS (
    SELECT x.*,
           first_value(relname) OVER w AS kept,
           row_number() OVER w AS rank
    FROM indexes x
    WINDOW w AS (PARTITION BY indrelid, signature ORDER BY needed DESC, relispartition DESC, indexrelid)
), surplus AS (
    SELECT r.*, s.bytes
    FROM ranked r
    -- a partitioned index has no storage: its copies on the partitions have
    CROSS JOIN LATERAL (
        WITH RECURSIVE parts AS (
            SELECT r.indexrelid AS part
            UNION ALL
            SELECT h.inhrelid FROM parts p JOIN pg_inherits h ON h.inhparent = p.part AND r.relkind = 'I')
        SELECT sum(l.relpages) * current_setting('block_size')::bigint AS bytes
        FROM parts p
        JOIN pg_class l ON l.oid = p.part) s
    WHERE r.rank > 1
      AND NOT r.needed
      AND NOT r.relispartition
)
SELECT 'index' AS object_kind,
       x.nspname AS schema_name,
       x.relname AS object_name,
       x.bytes AS impact,
       format('Index %I of table %I.%I is the same as index %I.', x.relname, tn.nspname, t.relname, x.kept) AS message,
       jsonb_build_object('table', format('%I.%I', tn.nspname, t.relname), 'same_as', x.kept, 'bytes', x.bytes,
                          'scans', s.idx_scan) AS evidence,
       CASE WHEN x.relkind = 'I'
            THEN format('BEGIN; SET LOCAL lock_timeout = ''2s''; DROP INDEX %I.%I; COMMIT;', x.nspname, x.relname)
            ELSE format('DROP INDEX CONCURRENTLY %I.%I;', x.nspname, x.relname)
       END AS remediation
FROM surplus x
JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_stat_all_indexes s ON s.indexrelid = x.indexrelid
