-- What there is to know of a server; for its replica too.
SELECT pg_catalog.split_part(pg_catalog.current_setting('server_version'), ' ', 1)  AS version,
       s.system_identifier,
       pg_catalog.pg_database_size(pg_catalog.current_database())                   AS database_bytes,
       pg_catalog.pg_has_role('pg_monitor', 'USAGE')                                AS can_monitor
  FROM pg_catalog.pg_control_system() s
