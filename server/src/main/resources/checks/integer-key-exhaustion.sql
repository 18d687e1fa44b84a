-- id: integer-key-exhaustion
-- title: Integer keys near their end
-- category: integrity
-- severity: warning
-- confidence: certain
-- impact: none
-- reads: primary
-- threshold: min_percent = 80 percent — Share of the type's positive values that must be used.
-- threshold: critical_percent = 95 percent — Share from which it is critical.
-- meaning: A smallint or integer column, or one of a domain over these, is fed by a sequence that is near the end of the
--   column's type (the largest value, or the smallest if it counts down), whatever the sequence's own limit, unless it
--   cycles before; or a primary key of such a type, fed by the application, holds values near it (taken from the
--   statistics of the last ANALYZE, so an estimate). Inserts fail at the end. A column of a compound key whose
--   values come as far as the present in seconds since 1970 is taken for a time. Columns whose sequence or statistics the
--   role may not read are counted as not seen.
-- remedy: Widen the column to bigint: with a new column that is filled in batches and swapped, for ALTER TYPE rewrites the
--   table under lock. Columns that reference it need the same.
WITH RECURSIVE types AS (
    SELECT t.type, t.largest FROM (VALUES ('int2'::regtype::oid, 32767), ('int4'::regtype, 2147483647)) AS t (type, largest)
    UNION ALL
    -- domains over them, and over such domains
    SELECT d.oid, t.largest FROM types t JOIN pg_type d ON d.typbasetype = t.type AND d.typtype = 'd'
), columns AS (
    SELECT c.oid, n.nspname, c.relname, a.attname, a.attnum, a.atttypid, y.largest, k.indnkeyatts > 1 AS is_compound,
           coalesce(a.attnum = ANY (k.indkey::int2[]), false) AS is_key
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN types y ON y.type = a.atttypid
    LEFT JOIN pg_index k ON k.indrelid = c.oid AND k.indisprimary
    WHERE a.attnum > 0
      AND NOT a.attisdropped
      AND c.relkind IN ('r', 'p')
      AND NOT c.relispartition
      AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'
), fed AS (
    -- sequences that the column owns (serial, identity) or names in its default
    SELECT k.*, d.sequence
    FROM columns k
    JOIN (
        SELECT o.refobjid AS relation, o.refobjsubid AS number, q.seqrelid AS sequence
        FROM pg_sequence q
        JOIN pg_depend o ON o.classid = 'pg_class'::regclass AND o.objid = q.seqrelid
                        AND o.refclassid = 'pg_class'::regclass AND o.deptype IN ('a', 'i')
        UNION
        SELECT f.adrelid, f.adnum, q.seqrelid
        FROM pg_sequence q
        JOIN pg_depend o ON o.refclassid = 'pg_class'::regclass AND o.refobjid = q.seqrelid
                        AND o.classid = 'pg_attrdef'::regclass
        JOIN pg_attrdef f ON f.oid = o.objid) d ON d.relation = k.oid AND d.number = k.attnum
), by_sequence AS (
    SELECT f.nspname, f.relname, f.attname, f.atttypid, f.largest, 'sequence' AS source,
           CASE WHEN has_sequence_privilege(f.sequence, 'SELECT') AND NOT f.sequence = ANY (:locked)
                -- one that was never used has reached nothing; one that counts down has its end below zero
                THEN (xpath('/row/reached/text()', query_to_xml(
                         format('SELECT CASE WHEN is_called THEN last_value * %s::numeric ELSE 0 END AS reached FROM %I.%I',
                                sign(q.seqincrement), sn.nspname, s.relname), false, true, '')))[1]::text::numeric
           END AS reached
    FROM fed f
    JOIN pg_sequence q ON q.seqrelid = f.sequence AND NOT (q.seqcycle AND q.seqmax <= f.largest AND q.seqmin >= -f.largest)
    JOIN pg_class s ON s.oid = f.sequence
    JOIN pg_namespace sn ON sn.oid = s.relnamespace
), by_statistics AS (
    SELECT k.nspname, k.relname, k.attname, k.atttypid, k.largest, 'statistics' AS source,
           -- a part of a key that has come as far as the clock is a time in seconds, and no number that is given out
           CASE WHEN k.is_compound AND v.reached BETWEEN m.now - 5 * 31557600 AND m.now + 31557600 THEN 0
                ELSE v.reached END AS reached
    FROM columns k
    CROSS JOIN (SELECT extract(epoch FROM clock_timestamp()) AS now) m
    JOIN pg_class c ON c.oid = k.oid AND (c.reltuples > 0 OR c.relkind = 'p')
    CROSS JOIN LATERAL (
        SELECT max(m.value::text::numeric) AS reached
        FROM pg_stats s
        CROSS JOIN LATERAL (
            SELECT unnest(s.histogram_bounds::text::text[]) AS value
            UNION ALL SELECT unnest(s.most_common_vals::text::text[])) m
        WHERE s.schemaname = k.nspname AND s.tablename = k.relname AND s.attname = k.attname) v
    WHERE k.is_key
      AND NOT EXISTS (SELECT FROM fed f WHERE f.oid = k.oid AND f.attnum = k.attnum)
), judged AS (
    SELECT x.*, 100 * x.reached / x.largest AS percent
    FROM (SELECT * FROM by_sequence UNION ALL SELECT * FROM by_statistics) x
)
SELECT 'column' AS object_kind,
       nspname AS schema_name,
       relname || '.' || attname AS object_name,
       CASE WHEN reached IS NULL THEN 1 ELSE 0 END AS unseen,
       CASE WHEN percent >= :critical_percent THEN 'critical' END AS severity,
       CASE WHEN source = 'statistics' THEN 'estimated' END AS confidence,
       CASE WHEN reached IS NOT NULL
            THEN format('Column %I of table %I.%I (%s) has reached %s %% of its type.', attname, nspname, relname,
                        format_type(atttypid, NULL), round(percent, 1))
            WHEN source = 'sequence' THEN 'the role may not read its sequence, or it is locked'
            ELSE 'no statistics of it are there, or may be seen' END AS message,
       jsonb_build_object('reached', reached, 'largest', largest, 'percent', round(percent, 2), 'known_from', source) AS evidence
FROM judged
WHERE reached IS NULL
   OR percent >= :min_percent
