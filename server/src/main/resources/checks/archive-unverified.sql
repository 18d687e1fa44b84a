-- id: archive-unverified
-- title: Archive not stored or not verified
-- category: archives
-- severity: warning
-- confidence: certain
-- impact: rows
-- reads: primary
-- quotes: yes
-- threshold: sealed_seconds = 3600 seconds — How long parts may lie in a spool once the last row has come.
-- threshold: verified_seconds = 15552000 seconds — How long ago an archive may have been verified; 180 days are two looks a year.
-- meaning: Rows left their table, and their archive is not at its destination yet: some of it lies on a disk of one server, and is lost
--   with that. Or an archive was read back so long ago that nobody knows whether it still can be.
-- remedy: "caretaker archives show ARCHIVE" says what keeps it from its destination, and on which server its parts lie. One that is
--   stored is read again by "caretaker archives verify ARCHIVE".
SELECT 'archive' AS object_kind,
       a.schema AS schema_name,
       a.archive AS object_name,
       CASE WHEN a.state = 'SEALED' AND s.since > 24 * CAST(:sealed_seconds AS bigint) THEN 'critical' ELSE 'warning' END AS severity,
       a.rows AS impact,
       CASE WHEN a.state = 'SEALED'
            THEN format('%s of %I.%I %s been waiting to be stored at %s for %s hours. %s',
                        to_char(a.rows, 'FM999,999,999,999,990') || CASE a.rows WHEN 1 THEN ' row' ELSE ' rows' END,
                        a.schema, a.relation, CASE a.rows WHEN 1 THEN 'has' ELSE 'have' END, a.destination,
                        round((s.since / 3600)::numeric, 1), a.problem)
            ELSE format('The archive of %s of %I.%I at %s %s.',
                        to_char(a.rows, 'FM999,999,999,999,990') || CASE a.rows WHEN 1 THEN ' row' ELSE ' rows' END,
                        a.schema, a.relation, a.destination,
                        CASE WHEN s.since IS NULL THEN 'was never verified'
                             ELSE format('was verified %s ago', CASE round((s.since / 86400)::numeric) WHEN 1 THEN '1 day'
                                  ELSE to_char(s.since / 86400, 'FM999,999,999,999,990') || ' days' END) END)
       END AS message,
       jsonb_build_object('table', a.relation, 'destination', a.destination, 'rows', a.rows, 'state', a.state,
                          'sealed', a.sealed, 'verified', a.verified, 'problem', a.problem) AS evidence
FROM jsonb_to_recordset(CAST(:archives AS jsonb))
     AS a (archive text, schema text, relation text, destination text, state text, rows bigint, sealed timestamptz,
           verified timestamptz, problem text)
CROSS JOIN LATERAL (SELECT extract(epoch FROM now() - CASE a.state WHEN 'SEALED' THEN a.sealed ELSE a.verified END) AS since) s
WHERE CASE a.state WHEN 'SEALED' THEN s.since > :sealed_seconds
                   ELSE s.since IS NULL OR s.since > :verified_seconds END
