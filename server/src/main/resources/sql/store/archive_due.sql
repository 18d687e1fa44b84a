-- Stored ones that nobody has looked at for a while, and those deleted or found to be empty lately, of which something may be left.
-- Of each destination some, so that one that does not answer keeps nobody from looking at the others.
SELECT *
FROM (SELECT a.*, row_number() OVER (PARTITION BY a.destination ORDER BY a.checked NULLS FIRST) AS turn
      FROM caretaker.archive a
      CROSS JOIN (SELECT CAST(? AS timestamptz) AS since) ended
      WHERE (a.state = 'STORED' OR a.state = 'DELETED' AND a.deleted > ended.since
             OR a.state = 'EMPTY' AND a.sealed > ended.since)
        AND COALESCE(a.checked, '-infinity') < ?) due
WHERE turn <= ?
ORDER BY turn
