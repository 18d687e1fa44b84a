SELECT a.attcollation
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class r ON r.oid = a.attrelid
      JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
     WHERE a.attcollation <> 0 AND NOT a.attisdropped AND r.relkind IN ('r', 'p', 'm')
       AND rn.nspname !~ '^pg_' AND rn.nspname <> 'information_schema'
    UNION
    SELECT k.coll
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class r ON r.oid = i.indrelid
      JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
     CROSS JOIN pg_catalog.unnest(CAST(i.indcollation AS pg_catalog.oid[])) AS k (coll)
     WHERE k.coll <> 0 AND rn.nspname !~ '^pg_' AND rn.nspname <> 'information_schema'
