-- id: debts-open
-- title: What runs left and must not stay
-- category: cleanup
-- severity: warning
-- confidence: certain
-- impact: seconds
-- reads: primary
-- quotes: yes
-- threshold: grace_seconds = 900 seconds — How long servers may take to settle it by themselves.
-- meaning: A run made something that must not stay (an index half built, a partition that was detached to be dropped), ended
--   before it was gone, and no server could remove it since. A partition that is detached is missing in its table: that is
--   critical.
-- remedy: The message says what keeps it. Once that is mended "caretaker runs debts --target NAME --settle" has the servers
--   try at once.
SELECT CASE d.kind WHEN 'partition-drop' THEN 'table' WHEN 'index-build' THEN 'index' ELSE 'debt' END AS object_kind,
       d.schema AS schema_name,
       d.object AS object_name,
       CASE d.kind WHEN 'partition-drop' THEN 'critical' ELSE 'warning' END AS severity,
       a.seconds AS impact,
       format('%s It is open for %s hours. %s', d.message, round((a.seconds / 3600)::numeric, 1), d.answer) AS message,
       jsonb_build_object('run', d.run, 'kind', d.kind, 'since', d.since, 'attempts', d.attempts, 'answer', d.answer)
           AS evidence
FROM jsonb_to_recordset(CAST(:debts AS jsonb))
     AS d (run text, kind text, schema text, object text, message text, answer text, attempts bigint, since timestamptz)
CROSS JOIN LATERAL (SELECT extract(epoch FROM now() - d.since) AS seconds) a
WHERE a.seconds > :grace_seconds
