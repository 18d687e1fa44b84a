package dev.caretaker.server.archive;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.StepKind;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.run.job.JobStep;
import dev.caretaker.server.run.job.Jobs;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Verifies an archive. */
@Singleton
public final class ArchiveVerifyKind implements StepKind<ArchiveVerifyWork> {
    static final String NAME = "verify-archive";

    private final Verification verification;
    private final ArchiveBook book;
    private final Jobs jobs;

    ArchiveVerifyKind(Verification verification, ArchiveBook book, Jobs jobs) {
        this.verification = verification;
        this.book = book;
        this.jobs = jobs;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<ArchiveVerifyWork> parameterType() {
        return ArchiveVerifyWork.class;
    }

    @Override
    public Step open(ArchiveVerifyWork work, StepContext context) {
        return new JobStep(
                gate -> verify(work, gate),
                context,
                jobs,
                fence(work.archive()),
                Optional.empty(),
                JobStep.Around.NOTHING);
    }

    /** One verification of an archive at a time; no relation is worked on that could have this number. */
    private static long fence(UUID archive) {
        return archive.hashCode() & 0x7fff_ffffL;
    }

    private String verify(ArchiveVerifyWork work, Gate gate) {
        gate.pass();
        if (book.isDeleted(work.archive())) {
            return "Archive " + work.archive() + " was deleted meanwhile.";
        }
        Verification.Verdict verdict = verification
                .verify(work.archive(), work.level(), (partsDone, parts, rows, bytes) -> {
                    gate.pass();
                    gate.at(
                            (double) partsDone / Math.max(1, parts),
                            partsDone + " of " + Amounts.count(parts, "part", "parts") + ", "
                                    + Amounts.count(rows, "row", "rows") + " read");
                    return true;
                })
                .orElseThrow(Gate.EndedException::new);
        if (!verdict.whole()) {
            verdict.faults().forEach(fault -> gate.warn("ARCHIVE_FAULT", fault));
            throw CaretakerException.of(
                    Reason.ARCHIVE_DAMAGED,
                    "Archive " + work.archive() + " is not what its manifest says: "
                            + verdict.faults().getFirst(),
                    Map.of("archive_id", work.archive().toString()));
        }
        return "Archive " + work.archive() + " is whole.";
    }
}
