SELECT CAST(coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms), 0) AS bigint) AS median_ms, count(*) AS runs
  FROM (SELECT extract(epoch FROM r.ended - r.created) * 1000 AS ms
          FROM caretaker.fire f
          JOIN caretaker.run r ON r.run_id = f.run_id
         WHERE f.schedule = ? AND f.target = ? AND r.ended IS NOT NULL AND r.outcome <> 'CANCELLED'
         ORDER BY f.nominal DESC
         LIMIT 10) AS latest
