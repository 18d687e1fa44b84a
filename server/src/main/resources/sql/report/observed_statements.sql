-- Calls and time of statements that read or change rows and mention one of some tables, by the words of their text: of any schema,
-- quoted or not. Caretaker's own are told by how they write operators. The text itself is not brought along.
WITH wanted AS MATERIALIZED (
    SELECT w.place,
           '(^|[^[:alnum:]_$])' || regexp_replace(replace(w.table_name, '"', '""'), '([^[:alnum:]_])', '\\\1', 'g')
               || '($|[^[:alnum:]_$])' AS pattern
    FROM unnest(?::text[]) WITH ORDINALITY AS w (table_name, place)
), statements AS MATERIALIZED (
    SELECT j.row ->> 'queryid' AS queryid, s.userid, coalesce(j.row ->> 'toplevel', 'true') AS toplevel, s.calls,
           coalesce(j.row ->> 'total_exec_time', j.row ->> 'total_time')::float8 AS milliseconds, s.query
    FROM @pg_stat_statements@ s
    CROSS JOIN LATERAL (SELECT to_jsonb(s) - 'query' AS row) j
    WHERE s.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
)
SELECT w.place, s.userid || '/' || s.queryid || '/' || s.toplevel AS statement, sum(s.calls)::bigint AS calls,
       sum(s.milliseconds) AS milliseconds
FROM wanted w
JOIN statements s ON s.query ~* w.pattern
WHERE s.queryid IS NOT NULL
  AND s.query ~* '^\s*(/\*.*?\*/\s*)*(SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|TABLE)\M'
  AND position('OPERATOR(pg_catalog.' IN s.query) = 0
GROUP BY 1, 2
UNION ALL
SELECT 0, '', count(*), 0 FROM statements WHERE query = '<insufficient privilege>'
ORDER BY 1, 4 DESC
