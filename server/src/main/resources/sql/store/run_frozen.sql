-- Whether a hold has paused a run, or one that it started, or keeps one of them from beginning.
SELECT EXISTS (SELECT FROM caretaker.run r
                WHERE (r.run_id = ? OR r.parent_run_id = ?) AND r.ended IS NULL
                  AND (r.desired = 'PAUSED' AND r.request ->> 'frozen' = 'true'
                       OR r.state = 'WAITING_LOCK'
                      AND EXISTS (SELECT FROM caretaker.hold h
                                   WHERE h.ended IS NULL AND h.released IS NULL
                                     AND (h.until IS NULL OR h.until > clock_timestamp())
                                     AND (h.target IS NULL OR h.target = r.target)
                                     AND (coalesce(cardinality(h.kinds), 0) = 0 OR r.kind = ANY (h.kinds))
                                     AND NOT EXISTS (SELECT FROM caretaker.run_step s
                                                      WHERE s.run_id = r.run_id AND s.started < h.since))))
