package dev.caretaker.server.backup;

import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.StepKind;
import dev.caretaker.server.run.job.JobStep;
import dev.caretaker.server.run.job.Jobs;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Makes a backup. */
@Singleton
public final class BackupKind implements StepKind<BackupWork> {
    static final String NAME = "backup";

    private final BackupMaking making;
    private final Jobs jobs;

    BackupKind(BackupMaking making, Jobs jobs) {
        this.making = making;
        this.jobs = jobs;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<BackupWork> parameterType() {
        return BackupWork.class;
    }

    @Override
    public Step open(BackupWork work, StepContext context) {
        return new JobStep(
                gate -> making.make(work.order(), gate),
                context,
                jobs,
                work.databaseOid(),
                Optional.empty(),
                JobStep.Around.NOTHING);
    }
}
