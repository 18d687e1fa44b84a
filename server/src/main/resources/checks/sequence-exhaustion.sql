-- id: sequence-exhaustion
-- title: Sequences near their end
-- category: integrity
-- severity: warning
-- confidence: certain
-- impact: none
-- reads: primary
-- threshold: min_percent = 80 percent — Share of its values that a sequence must have used.
-- threshold: critical_percent = 95 percent — Share from which it is critical.
-- meaning: The sequence has given out most of the values between its start and its limit, in steps of its increment; at
--   the limit nextval fails. Sequences that cycle, or were never used, are not reported. Those that the role may not read,
--   or that are locked, are counted as not seen.
-- remedy: Widen the sequence, and the column that it feeds, to bigint. A limit of its own stands for a reason, and so no
--   statement is told where it is not that of the type.
WITH sequences AS (
    SELECT c.oid, n.nspname, c.relname, s.seqstart, s.seqincrement, s.seqtypid,
           CASE WHEN s.seqincrement > 0 THEN s.seqmax ELSE s.seqmin END AS seqlimit,
           CASE WHEN has_sequence_privilege(c.oid, 'SELECT') AND NOT c.oid = ANY (:locked)
                -- reads the sequence as a table; pg_sequences would lock it ROW EXCLUSIVE
                THEN query_to_xml(format('SELECT last_value, is_called::int FROM %I.%I', n.nspname, c.relname), false, true, '')
           END AS state
    FROM pg_sequence s
    JOIN pg_class c ON c.oid = s.seqrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT s.seqcycle
      AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'
), reached AS (
    SELECT s.*,
           (xpath('/row/last_value/text()', state))[1]::text::numeric AS last_value,
           -- what nextval has not given out yet counts from the next value
           (xpath('/row/is_called/text()', state))[1]::text::numeric AS given
    FROM sequences s
), used AS (
    SELECT r.*,
           100 * greatest(0, trunc((last_value - seqstart) / seqincrement) + given)
           / (trunc((seqlimit::numeric - seqstart) / seqincrement) + 1) AS percent
    FROM reached r
)
SELECT 'sequence' AS object_kind,
       nspname AS schema_name,
       relname AS object_name,
       CASE WHEN last_value IS NULL THEN 1 ELSE 0 END AS unseen,
       CASE WHEN percent >= :critical_percent THEN 'critical' END AS severity,
       CASE WHEN last_value IS NULL THEN 'the role may not read it, or it is locked'
            ELSE format('Sequence %I.%I has given out %s %% of its values.', nspname, relname, round(percent, 1)) END AS message,
       jsonb_build_object('last_value', last_value, 'start', seqstart, 'limit', seqlimit, 'increment', seqincrement,
                          'type', format_type(seqtypid, NULL), 'percent', round(percent, 2)) AS evidence,
       CASE WHEN (seqtypid = 'int2'::regtype AND seqlimit IN (-32768, 32767))
                 OR (seqtypid = 'int4'::regtype AND seqlimit IN (-2147483648, 2147483647))
            THEN format('ALTER SEQUENCE %I.%I AS bigint;', nspname, relname) END AS remediation
FROM used
WHERE last_value IS NULL
   OR percent >= :min_percent
