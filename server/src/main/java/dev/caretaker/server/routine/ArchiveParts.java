package dev.caretaker.server.routine;

import dev.caretaker.server.archive.ArchiveVerifications;
import dev.caretaker.server.archive.ArchiveVerifyTerms;
import dev.caretaker.server.archive.VerifyLevel;
import dev.caretaker.server.config.RoutineConfig.ArchiveVerify;
import dev.caretaker.server.routine.PartWork.Begun;
import dev.caretaker.server.run.StepContext;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Begins the part that verifies archives. */
@Singleton
final class ArchiveParts {
    private final ArchiveVerifications archives;

    ArchiveParts(ArchiveVerifications archives) {
        this.archives = archives;
    }

    Begun verify(UUID child, PartOrders orders) {
        StepContext context = orders.context();
        ArchiveVerify verify = orders.request().routine().archiveVerify();
        ArchiveVerifyTerms terms = new ArchiveVerifyTerms(
                List.of(),
                verify.within(),
                verify.most(),
                VerifyLevel.valueOf(verify.level().name()));
        if (archives.due(context.target(), terms).isEmpty()) {
            return new Begun.Needless("Nothing to do: every archive was verified lately.");
        }
        archives.start(
                child,
                context.target(),
                terms,
                orders.left(),
                Optional.of(context.runId()),
                orders.request().actor());
        return new Begun.Started(child);
    }
}
