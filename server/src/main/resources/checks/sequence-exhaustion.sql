-- id: sequence-exhaustion
-- title: Sequences near their end
-- category: integrity
-- severity: warning
-- confidence: certain
-- impact: none
-- reads: primary
-- threshold: min_percent = 80 percent — Share of its values that a sequence must have used.
-- threshold: critical_percent = 95 percent — Share from which it is critical.
-- meaning: The sequence has given out most of the values between its start and its limit; at the limit nextval fails.
--   Sequences that cycle are not reported. Those that the role may not read, or that are locked, are counted as not seen.
-- remedy: Widen the sequence, and the column that it feeds, to bigint.
WITH sequences AS (
    SELECT c.oid, n.nspname, c.relname, s.seqmax, s.seqmin, s.seqincrement, s.seqtypid,
           CASE WHEN has_sequence_privilege(c.oid, 'SELECT') AND NOT c.oid = ANY (:locked)
                -- reads the sequence as a table; pg_sequences would lock it ROW EXCLUSIVE
                THEN (xpath('/row/last_value/text()', query_to_xml(
                         format('SELECT last_value FROM %I.%I', n.nspname, c.relname), false, true, '')))[1]::text::numeric
           END AS last_value
    FROM pg_sequence s
    JOIN pg_class c ON c.oid = s.seqrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT s.seqcycle
      AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'
), used AS (
    SELECT s.*,
           100 * CASE WHEN seqincrement > 0 THEN last_value - seqmin ELSE seqmax - last_value END
           / nullif(seqmax::numeric - seqmin, 0) AS percent
    FROM sequences s
)
SELECT 'sequence' AS object_kind,
       nspname AS schema_name,
       relname AS object_name,
       CASE WHEN last_value IS NULL THEN 1 ELSE 0 END AS unseen,
       CASE WHEN percent >= :critical_percent THEN 'critical' END AS severity,
       format('Sequence %I.%I has given out %s %% of its values.', nspname, relname, round(percent, 1)) AS message,
       jsonb_build_object('last_value', last_value, 'limit', CASE WHEN seqincrement > 0 THEN seqmax ELSE seqmin END,
                          'increment', seqincrement, 'type', format_type(seqtypid, NULL), 'percent', round(percent, 2)) AS evidence,
       CASE WHEN seqtypid <> 'int8'::regtype THEN format('ALTER SEQUENCE %I.%I AS bigint;', nspname, relname) END AS remediation
FROM used
WHERE last_value IS NULL
   OR percent >= :min_percent
