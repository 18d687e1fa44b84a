package dev.caretaker.server.backup;

import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.StepKind;
import dev.caretaker.server.run.job.JobStep;
import dev.caretaker.server.run.job.Jobs;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Restores a backup. */
@Singleton
public final class RestoreBackupKind implements StepKind<RestoreBackupWork> {
    static final String NAME = "restore-backup";
    private static final String NOT_TWICE =
            "The restore was cut short and cannot go on: the database holds what was restored until then."
                    + " Empty it, and restore again.";

    private final BackupReturn back;
    private final Jobs jobs;

    RestoreBackupKind(BackupReturn back, Jobs jobs) {
        this.back = back;
        this.jobs = jobs;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<RestoreBackupWork> parameterType() {
        return RestoreBackupWork.class;
    }

    @Override
    public Step open(RestoreBackupWork work, StepContext context) {
        return new JobStep(
                gate -> back.restore(work, context.target(), gate),
                context,
                jobs,
                work.databaseOid(),
                Optional.of(NOT_TWICE),
                JobStep.Around.NOTHING);
    }
}
