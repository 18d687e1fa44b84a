-- How often the values of a column occur, by the planner's statistics: of a partitioned table by those of all its partitions.
SELECT v.value, (v.frequency * ?)::bigint AS "rows"
FROM (SELECT s.most_common_vals::text::text[] AS vals, s.most_common_freqs AS freqs
      FROM pg_catalog.pg_stats s
      WHERE s.schemaname = ? AND s.tablename = ? AND s.attname = ?
      ORDER BY s.inherited DESC
      LIMIT 1) s
CROSS JOIN LATERAL unnest(s.vals, s.freqs) AS v (value, frequency)
ORDER BY 2 DESC, 1
LIMIT ?
