-- Whether hashes of rows can be made from their lines of CSV: the server works in UTF-8, hashes a sample as the caller does, and no
-- column is a composite, which may be NULL and not empty.
SELECT pg_catalog.current_setting('server_encoding') = 'UTF8'
       AND pg_catalog.hashtextextended(CAST(? AS text) COLLATE pg_catalog."C", CAST(? AS bigint)) = CAST(? AS bigint)
       AND NOT EXISTS (
           SELECT FROM pg_catalog.pg_type t
            WHERE t.oid = ANY (CAST(CAST(? AS bigint[]) AS oid[])) AND t.typtype = 'c') AS agrees
