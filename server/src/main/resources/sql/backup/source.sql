-- The database that is copied, and the moment of the snapshot.
SELECT (SELECT system_identifier FROM pg_catalog.pg_control_system()) AS system_identifier,
       d.oid                                                          AS database_oid,
       d.datname                                                      AS database,
       pg_catalog.current_setting('server_version')                   AS server_version,
       CAST(pg_catalog.current_setting('server_version_num') AS int) / 10000 AS major,
       pg_catalog.current_setting('server_encoding')                  AS encoding,
       d.datcollate                                                   AS locale,
       CASE pg_catalog.to_jsonb(d) ->> 'datlocprovider' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' END AS provider, -- since 15
       COALESCE(pg_catalog.to_jsonb(d) ->> 'datlocale', pg_catalog.to_jsonb(d) ->> 'daticulocale') AS provider_locale,
       pg_catalog.transaction_timestamp()                             AS snapshot
  FROM pg_catalog.pg_database d
 WHERE d.datname = pg_catalog.current_database()
