package dev.caretaker.server.backup;

import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.StepKind;
import dev.caretaker.server.run.job.JobStep;
import dev.caretaker.server.run.job.Jobs;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;

/** Verifies a backup. */
@Singleton
public final class VerifyKind implements StepKind<VerifyWork> {
    static final String NAME = "verify-backup";

    private final BackupProving proof;
    private final Jobs jobs;

    VerifyKind(BackupProving proof, Jobs jobs) {
        this.proof = proof;
        this.jobs = jobs;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<VerifyWork> parameterType() {
        return VerifyWork.class;
    }

    @Override
    public Step open(VerifyWork work, StepContext context) {
        return new JobStep(
                gate -> proof.verify(work, context.runId(), gate),
                context,
                jobs,
                fence(work.backup()),
                Optional.empty(),
                new JobStep.Around() {
                    @Override
                    public void before() {
                        work.scratchTarget()
                                .ifPresent(_ -> context.owe(ScratchDebt.of(work.database(), fence(work.backup()))));
                    }

                    @Override
                    public void after() {
                        if (work.scratchTarget().isPresent() && proof.isGone(work)) {
                            context.strike(ScratchDebt.NAME, ScratchDebt.object(work.database()));
                        }
                    }
                });
    }

    /** One verification of a backup at a time; no relation is worked on that could have this number. */
    private static long fence(UUID backup) {
        return backup.hashCode() & 0x7fff_ffffL;
    }
}
