-- Limits that end sessions which work, or wait, for long, and that the role or the database has, where the server knows them.
SELECT s.name
  FROM pg_catalog.pg_settings s
 WHERE s.name IN ('idle_session_timeout', 'transaction_timeout') AND s.reset_val <> '0'
