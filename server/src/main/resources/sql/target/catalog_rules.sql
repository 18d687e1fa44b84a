-- Rewrite rules, those that make views excepted.
SELECT r.ev_class,
       r.rulename,
       CASE r.ev_type WHEN '1' THEN 'SELECT' WHEN '2' THEN 'UPDATE' WHEN '3' THEN 'INSERT' ELSE 'DELETE' END AS event
  FROM unnest(?::oid[]) AS wanted (oid)
  JOIN pg_rewrite r ON r.ev_class = wanted.oid
 WHERE r.rulename <> '_RETURN'
 ORDER BY r.ev_class, r.rulename
