-- Who holds locks on relations, the oldest transaction first. What a role may not see of other sessions is left out.
-- Parameter: oids of the relations.
SELECT CASE WHEN l.pid IS NULL THEN 'a prepared transaction'
            ELSE pg_catalog.concat('pid ', l.pid,
                     ' (', coalesce(nullif(max(a.application_name), ''), 'without a name'), ')') END
       || ' holds ' || pg_catalog.string_agg(DISTINCT
              pg_catalog.upper(pg_catalog.regexp_replace(pg_catalog.regexp_replace(l.mode, 'Lock$', ''), '([a-z])([A-Z])', '\1 \2', 'g'))
              || ' on ' || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), ', ')
       || coalesce(' since ' || pg_catalog.to_char(min(a.xact_start), 'HH24:MI:SS'), '')
       || CASE max(a.state) WHEN 'idle in transaction' THEN ', idle in its transaction' ELSE '' END AS holder
  FROM pg_catalog.pg_locks l
  JOIN pg_catalog.pg_class c ON c.oid = l.relation
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
 WHERE l.locktype = 'relation'
   AND l.granted
   AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
   AND l.relation = ANY (CAST(? AS pg_catalog.int8[])::pg_catalog.oid[])
   AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
 GROUP BY l.pid
 ORDER BY min(a.xact_start) NULLS LAST
