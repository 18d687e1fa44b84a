-- A look without fault says nothing of what only a deeper one can see.
UPDATE caretaker.archive a
SET checked = look.at,
    fault = CASE WHEN look.fault <> '' THEN look.fault
                 WHEN a.fault = '' OR look.depth >= array_position(levels.names, a.fault_level) THEN ''
                 ELSE a.fault END,
    fault_level = CASE WHEN look.fault <> '' THEN look.level ELSE a.fault_level END,
    verified = CASE WHEN look.verifies THEN look.at ELSE a.verified END,
    verified_level = CASE WHEN look.verifies THEN look.level ELSE a.verified_level END
FROM (SELECT archive_id, CAST(? AS timestamptz) AS at, CAST(? AS text) AS fault, CAST(? AS text) AS level
      FROM caretaker.archive WHERE archive_id = ?) given
CROSS JOIN (SELECT ARRAY['STORED', 'READ_BACK', 'RESTORED'] AS names) levels
CROSS JOIN LATERAL (SELECT array_position(levels.names, given.level) AS depth) deep
CROSS JOIN LATERAL (
    SELECT given.at, given.fault, given.level, deep.depth,
           given.fault = '' AND (deep.depth > 1 OR (SELECT COALESCE(old.verified_level, 'STORED') = 'STORED'
                                                    FROM caretaker.archive old
                                                    WHERE old.archive_id = given.archive_id)) AS verifies) look
WHERE a.archive_id = given.archive_id AND a.state = 'STORED'
