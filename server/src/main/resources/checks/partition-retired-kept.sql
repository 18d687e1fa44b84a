-- id: partition-retired-kept
-- title: Retired partition that is not dropped
-- category: partitions
-- severity: info
-- confidence: certain
-- impact: bytes
-- reads: primary
-- threshold: grace_seconds = 172800 seconds — How long after its time a held partition may stay.
-- meaning: A partition was detached by its set's retirement and should have been dropped by now, or its detach was begun and
--   never brought to its end: it costs space, and somebody may still count on the one or the other.
-- remedy: Run upkeep and look at its outcome; retirement may be paused. Drop it (caretaker partitions retired drop), or attach
--   it again (caretaker partitions retired reattach).
SELECT 'table' AS object_kind,
       r.schema AS schema_name,
       r.partition AS object_name,
       r.bytes AS impact,
       CASE r.state
            WHEN 'DETACHING' THEN format('The detach of %I.%I from %I.%I was begun at %s and not brought to its end.',
                                         r.schema, r.partition, s.schema, s."table",
                                         date_trunc('second', r.since))
            ELSE format('Retired partition %I.%I of %I.%I was to be dropped at %s.', r.schema, r.partition, s.schema,
                        s."table", date_trunc('second', r.until)) END AS message,
       jsonb_build_object('set', s.set, 'state', r.state, 'since', r.since, 'until', r.until) AS evidence
FROM jsonb_to_recordset(:partition_sets) AS s (set text, schema text, "table" text, retired jsonb)
CROSS JOIN LATERAL jsonb_to_recordset(s.retired) AS r
     (schema text, partition text, state text, since timestamptz, until timestamptz, bytes bigint)
WHERE CASE r.state WHEN 'DETACHING' THEN r.since ELSE r.until END
      < now() - :grace_seconds * interval '1 second'
