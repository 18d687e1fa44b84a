-- Whether hashes of rows can be made from their lines of CSV: the server works in UTF-8, hashes a sample as the caller does, and
-- no column is a composite, which may be NULL and not empty. Cleanups ask in the application's search_path.
SELECT pg_catalog.current_setting('server_encoding') OPERATOR(pg_catalog.=) 'UTF8'
       AND pg_catalog.hashtextextended(CAST(? AS pg_catalog.text) COLLATE pg_catalog."C", CAST(? AS bigint))
           OPERATOR(pg_catalog.=) CAST(? AS bigint)
       AND NOT EXISTS (
           SELECT FROM pg_catalog.pg_type t
            WHERE t.oid OPERATOR(pg_catalog.=) ANY (CAST(CAST(? AS bigint[]) AS pg_catalog.oid[]))
              AND t.typtype OPERATOR(pg_catalog.=) 'c') AS agrees
