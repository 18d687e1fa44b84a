-- id: prepared-transaction
-- title: Prepared transactions left over
-- category: activity
-- severity: warning
-- confidence: certain
-- impact: seconds
-- reads: primary
-- blocks: vacuum, cleanup
-- threshold: min_seconds = 300 seconds — Shortest age that is reported.
-- meaning: A transaction was prepared for two-phase commit and neither committed nor rolled back. It keeps its locks and
--   holds vacuum back, also over a restart.
-- remedy: Ask the transaction manager that made it what became of it, then COMMIT PREPARED or ROLLBACK PREPARED. Only it
--   knows which; so there is no statement to paste.
SELECT 'prepared transaction' AS object_kind,
       p.gid AS object_name,
       p.prepared::text AS object_key,
       d.seconds AS impact,
       format('Transaction %s of user %s has been prepared for %s.', quote_literal(p.gid), p.owner,
              justify_interval(date_trunc('second', clock_timestamp() - p.prepared))) AS message,
       jsonb_build_object('owner', p.owner, 'prepared', p.prepared, 'age', age(p.transaction),
                          'seconds', round(d.seconds::numeric, 1),
                          'locks', (SELECT count(*) FROM pg_locks l
                                    WHERE l.locktype = 'relation' AND l.pid IS NULL
                                      AND l.virtualtransaction IN (
                                          SELECT x.virtualtransaction FROM pg_locks x
                                          WHERE x.locktype = 'transactionid' AND x.transactionid = p.transaction
                                            AND x.pid IS NULL))) AS evidence
FROM pg_prepared_xacts p
CROSS JOIN LATERAL (SELECT extract(epoch FROM clock_timestamp() - p.prepared) AS seconds) d
WHERE p.database = current_database()
  AND d.seconds >= :min_seconds
