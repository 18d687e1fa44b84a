SELECT pg_catalog.current_setting('archive_mode') OPERATOR(pg_catalog.<>) 'off' AS enabled,
       archived_count,
       last_archived_time,
       coalesce(last_archived_wal, '') AS last_archived_wal,
       failed_count,
       last_failed_time,
       coalesce(last_failed_wal, '') AS last_failed_wal
  FROM pg_catalog.pg_stat_archiver
