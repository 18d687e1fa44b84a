-- Rewrite rules that fire in an ordinary session, those that make views excepted.
SELECT r.ev_class,
       r.rulename,
       CASE r.ev_type WHEN '1' THEN 'SELECT' WHEN '2' THEN 'UPDATE' WHEN '3' THEN 'INSERT' ELSE 'DELETE' END AS event,
       r.is_instead AND r.ev_qual::text = '<>' AS replaces
  FROM unnest(?::oid[]) AS wanted (oid)
  JOIN pg_rewrite r ON r.ev_class = wanted.oid
 WHERE r.rulename <> '_RETURN'
   AND r.ev_enabled IN ('O', 'A')
 ORDER BY r.ev_class, r.rulename
