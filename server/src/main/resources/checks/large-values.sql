-- id: large-values
-- title: Columns with large values
-- category: tables
-- severity: info
-- confidence: estimated
-- impact: bytes
-- for: each wide table
-- threshold: min_avg_bytes = 10240 bytes — Smallest average size of a column's stored value that is reported.
-- meaning: Values of this size lie outside of the row, in TOAST; each read of one is several more reads, each update
--   writes it anew, and cleanup and vacuum have that much more to do. The sizes are those stored, after compression, of
--   the rows on a sample of at most about 1,000 pages of the table. Tables that hold no such amount of data are not sampled.
-- remedy: Keep large payloads in a table of their own or in object storage, keep them for a shorter time, or store them
--   with lz4 compression.
SELECT 'column' AS object_kind,
       CAST(:schema_name AS text) AS schema_name,
       CAST(:table_name AS text) || '.' || w.column_name AS object_name,
       avg(w.bytes) AS impact,
       format('Values in column %I of table %I.%I take %s on average.', w.column_name, CAST(:schema_name AS text),
              CAST(:table_name AS text), pg_size_pretty(avg(w.bytes)::bigint)) AS message,
       jsonb_build_object('sampled_values', count(w.bytes), 'average_bytes', round(avg(w.bytes)), 'largest_bytes', max(w.bytes))
           AS evidence
FROM @table@ AS t TABLESAMPLE SYSTEM (:sample_percent)
CROSS JOIN LATERAL (VALUES @widths@) AS w (column_name, bytes)
GROUP BY w.column_name
HAVING avg(w.bytes) >= :min_avg_bytes
