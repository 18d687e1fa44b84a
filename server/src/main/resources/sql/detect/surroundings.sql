SELECT (SELECT c.system_identifier FROM pg_catalog.pg_control_system() c) AS system_identifier,
       current_setting('server_version_num')::int AS version_number,
       current_setting('server_version') AS version,
       current_user AS role
