-- Who answers; changes nothing, so that it may be asked through any proxy.
SELECT pg_catalog.pg_backend_pid()                                                AS backend_pid,
       pg_catalog.current_setting('server_version_num')::int                      AS version_number,
       pg_catalog.pg_is_in_recovery()                                             AS in_recovery,
       NOT pg_catalog.pg_is_in_recovery()
           AND pg_catalog.current_setting('default_transaction_read_only')::bool  AS read_only,
       current_user::text                                                         AS role
