-- Whether a table is a partition of another one.
SELECT EXISTS (SELECT
                 FROM pg_catalog.pg_inherits i
                 JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE i.inhparent = CAST(? AS bigint)::oid AND n.nspname = ? AND c.relname = ?) AS attached
