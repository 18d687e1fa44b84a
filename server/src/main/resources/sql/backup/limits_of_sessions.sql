-- Limits that end sessions which work, or wait, for long, and that the server, the database or the role has, where the server knows them.
-- Of what was set since this session began the catalog alone tells.
SELECT s.name
  FROM pg_catalog.pg_settings s
 WHERE s.name IN ('idle_session_timeout', 'transaction_timeout')
   AND (s.reset_val <> '0'
        OR EXISTS (SELECT
                     FROM pg_catalog.pg_db_role_setting r
                    CROSS JOIN pg_catalog.unnest(r.setconfig) AS c (setting)
                    WHERE r.setdatabase IN (0, (SELECT d.oid FROM pg_catalog.pg_database d
                                                 WHERE d.datname = pg_catalog.current_database()))
                      AND r.setrole IN (0, (SELECT u.oid FROM pg_catalog.pg_roles u WHERE u.rolname = session_user))
                      AND pg_catalog.starts_with(c.setting, s.name || '=')))
 ORDER BY 1
