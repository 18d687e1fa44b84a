-- Of the database, which takes no lock; of all databases of the server, as far as the role may see them, only where asked for.
SELECT pg_catalog.pg_database_size(pg_catalog.current_database()) AS database_bytes,
       d.server_bytes,
       coalesce(d.unseen, 0) AS unseen,
       s.stats_reset
FROM (SELECT 1) one
LEFT JOIN LATERAL (
    SELECT sum(CASE WHEN v.visible THEN pg_catalog.pg_database_size(b.oid) END)::bigint AS server_bytes,
           count(*) FILTER (WHERE NOT v.visible) AS unseen
    FROM pg_catalog.pg_database b
    CROSS JOIN LATERAL (
        SELECT pg_catalog.has_database_privilege(b.oid, 'CONNECT')
               OR pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') AS visible) v) d ON ?
LEFT JOIN pg_catalog.pg_stat_database s ON s.datname = pg_catalog.current_database()
