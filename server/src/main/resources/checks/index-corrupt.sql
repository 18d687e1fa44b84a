-- id: index-corrupt
-- title: Corrupt indexes
-- category: integrity
-- severity: critical
-- confidence: certain
-- impact: bytes
-- on-request: yes
-- reads: primary
-- for: each index
-- needs: extension amcheck — CREATE EXTENSION amcheck
-- threshold: budget_seconds = 300 seconds — Longest time for all indexes together; the rest is counted as not seen.
-- meaning: amcheck (bt_index_check) reads every page of a B-tree index and finds its order broken: damaged storage, a faulty
--   operator class, or a changed collation after an update of the operating system. Queries that use the index may miss
--   rows. The smallest indexes are checked first. It locks as a read does.
-- remedy: Rebuild the index with REINDEX INDEX CONCURRENTLY, that of an exclusion constraint without CONCURRENTLY. If its collation changed, rebuild all indexes on text.
SELECT 'index' AS object_kind,
       CAST(:schema_name AS text) AS schema_name,
       CAST(:index_name AS text) AS object_name,
       '' AS message
FROM (SELECT @extschema:amcheck@.bt_index_check(CAST(:index_oid AS oid)::regclass) IS NULL AS damaged) c
-- it returns void and raises an error for a damaged index, which becomes the finding
WHERE c.damaged
