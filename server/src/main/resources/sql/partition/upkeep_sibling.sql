-- What a new partition of a table takes over: from its newest local partition, else from the default one, else from the table.
-- A partitioned model (or the table itself) has no storage parameters, and its tablespace is that of its partitions to be.
-- Parameter: oid of the table.
SELECT m.oid::pg_catalog.int8                                      AS model,
       n.nspname                                                   AS schema_name,
       m.relname                                                   AS table_name,
       CASE WHEN m.relkind = 'p' AND m.oid <> c.oid
            THEN pg_catalog.pg_get_partkeydef(m.oid) END           AS partition_by,
       m.relpersistence = 'u' AND m.relkind = 'r'                  AS unlogged,
       CASE WHEN m.relkind = 'r' AND am.amname <> pg_catalog.current_setting('default_table_access_method')
            THEN am.amname END                                     AS access_method,
       ts.spcname                                                  AS tablespace,
       CASE WHEN m.relkind = 'r'
            THEN m.reloptions || (SELECT pg_catalog.array_agg('toast.' || o.text)
                                    FROM pg_catalog.pg_class t
                                   CROSS JOIN LATERAL pg_catalog.unnest(t.reloptions) AS o (text)
                                   WHERE t.oid = m.reltoastrelid)
       END                                                         AS options,
       m.relreplident                                              AS identity,
       m.relrowsecurity AND m.oid <> c.oid                         AS row_security,
       m.relforcerowsecurity AND m.oid <> c.oid                    AS forced_row_security,
       CASE WHEN pg_catalog.pg_get_userbyid(c.relowner) <> current_user
            THEN pg_catalog.pg_get_userbyid(c.relowner) END        AS new_owner
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_partitioned_table k ON k.partrelid = c.oid
  CROSS JOIN LATERAL (
      SELECT coalesce((SELECT p.oid
                         FROM pg_catalog.pg_inherits i
                         JOIN pg_catalog.pg_class p ON p.oid = i.inhrelid AND p.relkind IN ('r', 'p')
                        WHERE i.inhparent = c.oid AND NOT i.inhdetachpending
                        ORDER BY p.oid = k.partdefid, p.oid DESC
                        LIMIT 1), c.oid) AS oid) newest
  JOIN pg_catalog.pg_class m ON m.oid = newest.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = m.relnamespace
  LEFT JOIN pg_catalog.pg_am am ON am.oid = m.relam
  LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = m.reltablespace
 WHERE c.oid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
