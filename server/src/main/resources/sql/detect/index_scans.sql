-- Scans of each index as this server counted them, and since when. Oids are the same on a primary and its physical replicas.
SELECT jsonb_build_object(
           'since', (SELECT d.stats_reset FROM pg_catalog.pg_stat_database d WHERE d.datname = current_database()),
           'scans', coalesce(jsonb_object_agg(s.indexrelid::bigint::text, s.idx_scan), '{}'))::text
FROM pg_catalog.pg_stat_user_indexes s
WHERE s.idx_scan > 0
