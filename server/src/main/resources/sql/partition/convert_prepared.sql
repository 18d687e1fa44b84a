-- Whether the partitioned table that a conversion prepares is there, with partitions of its own making only. Parameters: schema,
-- name, names of the partitions.
SELECT EXISTS (SELECT
                 FROM pg_catalog.pg_class c
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND c.relname = ? AND c.relkind = 'p'
                  AND NOT EXISTS (SELECT
                                    FROM pg_catalog.pg_inherits i
                                    JOIN pg_catalog.pg_class p ON p.oid = i.inhrelid
                                   WHERE i.inhparent = c.oid AND p.relname <> ALL (CAST(? AS pg_catalog.text[]))))
