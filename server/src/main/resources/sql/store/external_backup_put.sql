-- Recorded again under the same name: when it was verified may have been learned since.
INSERT INTO caretaker.external_backup AS e
       (backup_id, target, source, reference, taken, verified, bytes, note, actor, recorded)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS jsonb), ?)
ON CONFLICT (target, source, reference)
DO UPDATE SET taken = excluded.taken, verified = coalesce(excluded.verified, e.verified),
              bytes = coalesce(excluded.bytes, e.bytes), note = excluded.note, actor = excluded.actor,
              recorded = excluded.recorded
