-- id: freeze-overdue
-- title: Tables older than their freeze limit
-- category: horizon
-- severity: warning
-- confidence: certain
-- impact: bytes
-- reads: primary
-- blocks: cleanup
-- threshold: min_percent = 110 percent — Age as a share of the table's own freeze limit from which it is reported.
-- threshold: critical_percent = 300 percent — Share from which it is critical.
-- meaning: Autovacuum is forced on a table once its oldest transaction id or multixact id is older than
--   autovacuum_freeze_max_age (or the smaller storage parameter of the table). This one, or its TOAST table, is older
--   still: the forced vacuum cannot keep up, fails, or is held back.
-- remedy: Vacuum the table with FREEZE. If its age does not fall, see xmin-held.
WITH tables AS (
    SELECT c.oid, n.nspname, c.relname, c.relpages, toast.relpages AS toast_pages,
           greatest(age(c.relfrozenxid), age(toast.relfrozenxid))::bigint AS age,
           greatest(mxid_age(c.relminmxid), mxid_age(toast.relminmxid))::bigint AS mxid_age,
           least(current_setting('autovacuum_freeze_max_age')::bigint, o.freeze::bigint) AS age_limit,
           least(current_setting('autovacuum_multixact_freeze_max_age')::bigint, o.multixact::bigint) AS mxid_limit
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
    CROSS JOIN LATERAL (
        SELECT max(number) FILTER (WHERE option_name = 'autovacuum_freeze_max_age') AS freeze,
               max(number) FILTER (WHERE option_name = 'autovacuum_multixact_freeze_max_age') AS multixact
        FROM (@storage_parameters@) s) o
    WHERE c.relkind IN ('r', 'm')
      AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'
)
SELECT 'table' AS object_kind,
       t.nspname AS schema_name,
       t.relname AS object_name,
       (t.relpages + coalesce(t.toast_pages, 0)) * current_setting('block_size')::bigint AS impact,
       CASE WHEN p.percent >= :critical_percent THEN 'critical' END AS severity,
       format('Table %I.%I is at %s %% of the age at which autovacuum is forced.', t.nspname, t.relname,
              round(p.percent, 1)) AS message,
       jsonb_build_object('age', t.age, 'age_limit', t.age_limit, 'mxid_age', t.mxid_age, 'mxid_limit', t.mxid_limit,
                          'percent', round(p.percent, 1)) AS evidence,
       format('VACUUM (FREEZE, ANALYZE) %I.%I;', t.nspname, t.relname) AS remediation
FROM tables t
CROSS JOIN LATERAL (
    SELECT greatest(100.0 * t.age / t.age_limit, 100.0 * t.mxid_age / t.mxid_limit) AS percent) p
WHERE p.percent >= :min_percent
