-- Who answers; changes nothing, so that it may be asked through any proxy. The search_path is still the role's own.
SELECT pg_catalog.pg_backend_pid()                                                AS backend_pid,
       CAST(pg_catalog.current_setting('server_version_num') AS int)              AS version_number,
       pg_catalog.pg_is_in_recovery()                                             AS in_recovery,
       NOT pg_catalog.pg_is_in_recovery()
           AND pg_catalog.current_setting('default_transaction_read_only')::boolean  AS read_only,
       current_user::pg_catalog.text                                                         AS role,
       pg_catalog.current_setting('max_connections')::int
           OPERATOR(pg_catalog.-) pg_catalog.current_setting('superuser_reserved_connections')::int
           OPERATOR(pg_catalog.-) COALESCE(pg_catalog.current_setting('reserved_connections', true), '0')::int
                                                                                  AS usable_connections
