-- Who answers; changes nothing, so that it may be asked through any proxy.
SELECT pg_catalog.pg_backend_pid()                                                AS backend_pid,
       pg_catalog.current_setting('server_version_num')::int                      AS version_number,
       pg_catalog.pg_is_in_recovery()                                             AS in_recovery,
       NOT pg_catalog.pg_is_in_recovery()
           AND pg_catalog.current_setting('default_transaction_read_only')::bool  AS read_only,
       current_user::text                                                         AS role,
       pg_catalog.current_setting('max_connections')::int
           OPERATOR(pg_catalog.-) pg_catalog.current_setting('superuser_reserved_connections')::int
           OPERATOR(pg_catalog.-) COALESCE(pg_catalog.current_setting('reserved_connections', true), '0')::int
                                                                                  AS usable_connections
