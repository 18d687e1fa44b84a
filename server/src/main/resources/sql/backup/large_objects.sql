-- A hash of the large objects, which their order does not change. Zeros at the end of a page may be written or be left out.
SELECT COALESCE(pg_catalog.sum(CAST(pg_catalog.hashtextextended(pg_catalog.concat(loid, ' ', pageno, ' ', page), 0) AS pg_catalog."numeric")),
                0) AS hash
  FROM (SELECT loid, pageno, pg_catalog.encode(pg_catalog.rtrim(data, CAST('\x00' AS bytea)), 'hex') AS page
          FROM pg_catalog.pg_largeobject) pages
 WHERE page <> ''
