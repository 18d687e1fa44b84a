-- How far a concurrent build is, and whom it waits for. The shares of the phases are those of a large table with no one in
-- the way: building 60 %, validation 30 %, waits the rest.
SELECT pg_catalog.concat_ws(', ', p.phase,
           CASE WHEN p.lockers_total > p.lockers_done
                THEN pg_catalog.format('waits for %s of %s transactions', p.lockers_total - p.lockers_done,
                                       p.lockers_total)
           END,
           CASE WHEN p.current_locker_pid <> 0
                THEN pg_catalog.format('now for %s (pid %s)%s',
                                       pg_catalog.concat_ws(' ', coalesce(a.usename, a.backend_type),
                                                            nullif(a.application_name, '')),
                                       p.current_locker_pid,
                                       ', in a transaction since ' || pg_catalog.to_char(a.xact_start, 'HH24:MI:SS'))
           END) AS phase,
       CASE
           WHEN p.phase LIKE 'initializing%' THEN 0
           WHEN p.phase LIKE 'waiting for writers before build%' THEN 0.01
           WHEN p.phase LIKE 'building index%'
               THEN 0.02 + 0.58 * greatest(coalesce(p.blocks_done::float8 / nullif(p.blocks_total, 0), 0),
                                           coalesce(p.tuples_done::float8 / nullif(p.tuples_total, 0), 0))
           WHEN p.phase LIKE 'waiting for writers before validation%' THEN 0.6
           WHEN p.phase = 'index validation: scanning index'
               THEN 0.61 + 0.09 * coalesce(p.blocks_done::float8 / nullif(p.blocks_total, 0), 0)
           WHEN p.phase = 'index validation: sorting tuples' THEN 0.7
           WHEN p.phase = 'index validation: scanning table'
               THEN 0.71 + 0.19 * coalesce(p.blocks_done::float8 / nullif(p.blocks_total, 0), 0)
           WHEN p.phase = 'waiting for old snapshots' THEN 0.92
           WHEN p.phase LIKE 'waiting for readers before marking dead%' THEN 0.95
           WHEN p.phase LIKE 'waiting for readers before dropping%' THEN 0.98
           ELSE -1
       END::float8 AS fraction,
       p.blocks_done * pg_catalog.current_setting('block_size')::bigint AS bytes_done
  FROM pg_catalog.pg_stat_progress_create_index p
  LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = p.current_locker_pid AND p.current_locker_pid <> 0
 WHERE p.pid = ?
