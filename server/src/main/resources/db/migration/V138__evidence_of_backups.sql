-- Each verification of a backup has its record, not only the latest: who must show that backups are restored every month shows them all.

CREATE TABLE caretaker.backup_evidence (
    backup_id uuid        NOT NULL REFERENCES caretaker.backup ON DELETE CASCADE,
    -- run that verified
    run_id    uuid        NOT NULL,
    ended     timestamptz NOT NULL,
    evidence  jsonb       NOT NULL,
    PRIMARY KEY (backup_id, run_id)
);

INSERT INTO caretaker.backup_evidence (backup_id, run_id, ended, evidence)
SELECT backup_id, CAST(evidence ->> 'run' AS uuid), CAST(evidence ->> 'ended' AS timestamptz), evidence
  FROM caretaker.backup
 WHERE evidence ->> 'run' IS NOT NULL
   AND evidence ->> 'ended' IS NOT NULL;
