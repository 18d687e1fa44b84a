-- Settings of a check's transaction. The search path makes operators and names mean what Postgres means by them.
SELECT pg_catalog.set_config('statement_timeout', ?, true),
       pg_catalog.set_config('lock_timeout', ?, true),
       pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)
