-- Scans of each index as this server counted them. Oids are the same on a primary and its physical replicas.
SELECT coalesce(jsonb_object_agg(s.indexrelid::bigint::text, s.idx_scan), '{}')::text
FROM pg_catalog.pg_stat_user_indexes s
WHERE s.idx_scan > 0
